// The properties, the labelled corpus and the tampering of the ordinary tests, at full length; PostgreSQL must run.
import "./digest-shapes.test.ts";
import "./entry-scan.property.test.ts";
import "./kill.test.ts";
import "./merkle.property.test.ts";
import "./ordering.property.test.ts";
import "./performance.test.ts";
import "./postgres.test.ts";
import "./redact.property.test.ts";
import "./redact.test.ts";
import "./tamper.test.ts";
