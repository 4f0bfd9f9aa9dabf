/** When paths were last changed, as the version control knows it. */
export interface History {
  /**
   * Returns, by path, the time in seconds since 1970 at which the last commit that changed the path was made; a path that no commit has is left out. Without
   * paths the answer has every path that was ever committed, also of files that are gone.
   */
  readonly commitTimes: (paths?: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}
