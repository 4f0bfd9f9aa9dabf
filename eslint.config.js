import workspace from "@gov/tooling-eslint";

export default workspace(import.meta.dirname);
