#!/usr/bin/env bash
# Runs `gov check` for the action: annotations on standard output, SARIF and Markdown into files, the exit code as an output.
# Inputs come as environment variables and never as text of a script, so that none of them can be run.
set -uo pipefail

folder="$(mktemp -d "${RUNNER_TEMP:-/tmp}/gov-XXXXXX")"
# Words, not globs: the one input that is a list.
read -r -a extra <<<"${GOV_ARGUMENTS:-}"

gov() {
  if [ -n "${GOV_COMMAND:-}" ]; then "$GOV_COMMAND" "$@"; else npx --yes "@gov/cli@${GOV_VERSION:-latest}" "$@"; fi
}
check() {
  gov check "${GOV_ROOT:-.}" --fail-on "${GOV_FAIL_ON:-error}" --format "$1" ${extra[@]+"${extra[@]}"}
}

check sarif >"$folder/gov.sarif"
exit_code=$?
check github
check markdown >"$folder/gov.md"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$folder/gov.md" >>"$GITHUB_STEP_SUMMARY"
{
  echo "exit-code=$exit_code"
  echo "sarif=$folder/gov.sarif"
  echo "markdown=$folder/gov.md"
} >>"$GITHUB_OUTPUT"
# The job fails in its last step, after what was found has been uploaded.
exit 0
