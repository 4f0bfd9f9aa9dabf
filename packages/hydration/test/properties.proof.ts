// The properties of the ordinary tests, tried twenty times as often.
import "./drift.property.test.ts";
import "./route-index.property.test.ts";
import "./route-risks.property.test.ts";
import "./routing.property.test.ts";
import "./select-artifact.property.test.ts";
import "./select-winners.property.test.ts";
