// The ordinary tests at full length: deeper paths, every waiver in every output, longer simulations, properties tried twenty times as often.
import "./evaluate-gates.property.test.ts";
import "./hostile-rulebooks.test.ts";
import "./lifecycle.model.test.ts";
import "./performance.test.ts";
import "./pipeline.test.ts";
import "./rbac.test.ts";
import "./waivers.matrix.test.ts";
