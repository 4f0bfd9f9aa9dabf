#!/bin/sh
# Verifies the manifest file's subject and one signature with nothing but Python's standard library and OpenSSL: verify-with-openssl.sh <manifest> <public key>
d=$(mktemp -d) && trap 'rm -r "$d"' EXIT && python3 - "$1" "$d" <<'PY' || exit 1
import base64, hashlib, json, sys
e = json.load(open(sys.argv[1] + ".dsse.json")); p = base64.b64decode(e["payload"]); t = e["payloadType"].encode()
assert json.loads(p)["subject"][0]["digest"]["sha256"] == hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest(), "not the signed file"
open(sys.argv[2] + "/message", "wb").write(b"DSSEv1 %d %s %d %s" % (len(t), t, len(p), p))
for i, s in enumerate(e["signatures"]): open(sys.argv[2] + "/sig%d" % i, "wb").write(base64.b64decode(s["sig"]))
PY
for s in "$d"/sig*; do openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in "$d/message" -sigfile "$s" && exit 0; done; exit 1
