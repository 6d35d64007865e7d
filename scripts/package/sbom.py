#!/usr/bin/env python3
"""Prints an SBOM (SPDX 2.3, JSON) of what is linked into the static executable or comes with it:
sbom.py VERSION COMMIT SECONDS PACKAGE..., Debian packages by name, whose versions are asked of dpkg."""

import json
import subprocess
import sys
import time

# As their upstreams have them; all of each text is in the package's copyright file.
LICENCES = {
    "ca-certificates": "MPL-2.0",
    "libboost1.81-dev": "BSL-1.0",
    "libc-ares-dev": "MIT",
    "libc6": "LGPL-2.1-or-later",
    "libcli11-dev": "BSD-3-Clause",
    "libcrypt1": "LGPL-2.1-or-later",
    "libfmt-dev": "MIT",
    "libprotozero-dev": "BSD-2-Clause",
    "libre2-dev": "BSD-3-Clause",
    "libsnappy-dev": "BSD-3-Clause",
    "libspdlog-dev": "MIT",
    "libssl-dev": "Apache-2.0",
    "libstdc++-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libyaml-cpp-dev": "MIT",
    "prometheus-cpp-dev": "MIT",
}


def package(name, version, licence, purl):
    return {
        "SPDXID": f"SPDXRef-{name.replace('+', '-')}",
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
        ],
    }


def debian(name):
    asked = ["dpkg-query", "-W", "-f=${Version} ${Architecture}", name]
    answer = subprocess.run(asked, text=True, capture_output=True, check=True).stdout
    version, architecture = answer.split()
    purl = f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B')}?arch={architecture}"
    return package(name, version, LICENCES[name], purl)


def main():
    version, commit, seconds, *names = sys.argv[1:]
    own = package("prombraid", version, "Apache-2.0", f"pkg:generic/prombraid@{version}")
    parts = [debian(name) for name in names]
    print(json.dumps({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"prombraid-{version}",
        "documentNamespace": f"urn:prombraid:{version}:{commit}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds))),
            "creators": ["Tool: prombraid-scripts-release"],
        },
        "packages": [own, *parts],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
            *({"spdxElementId": own["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": part["SPDXID"]}
              for part in parts),
        ],
    }, indent=1))


if __name__ == "__main__":
    main()
