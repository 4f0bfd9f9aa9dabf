import { createRequire } from "node:module";
import type * as ajv2020 from "ajv/dist/2020.js";
import type * as ajvFormats from "ajv-formats";

const require = createRequire(import.meta.url);

/** Returns a new JSON Schema 2020-12 compiler with the usual formats; the library is loaded when the first one is asked for. */
export function newAjv(options: ajv2020.Options): ajv2020.Ajv2020 {
  const { Ajv2020: Constructor } = require("ajv/dist/2020.js") as typeof ajv2020;
  const { default: addFormats } = require("ajv-formats") as unknown as { readonly default: typeof ajvFormats.default.default };
  const ajv = new Constructor(options);
  addFormats(ajv);
  return ajv;
}
