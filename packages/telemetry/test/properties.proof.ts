// The properties, the labelled corpus, the crashes and the tampering of the ordinary tests, at full length; PostgreSQL must run.
import "./audit-branches.test.ts";
import "./audit-log-conformance.test.ts";
import "./digest-shapes.test.ts";
import "./entry-scan.property.test.ts";
import "./event.test.ts";
import "./kill.test.ts";
import "./kpi.test.ts";
import "./merkle.property.test.ts";
import "./open-audit-journal.test.ts";
import "./open-audit-log.test.ts";
import "./ordering.property.test.ts";
import "./performance.test.ts";
import "./postgres.test.ts";
import "./redact.property.test.ts";
import "./redact.test.ts";
import "./tamper.test.ts";
import "./verify-audit-log.test.ts";
