#!/usr/bin/env python3
"""Takes dependencies that lie in a git repository out of a package.json, and says which.  without_git.py FILE"""

import json
import pathlib
import re
import sys

file = pathlib.Path(sys.argv[1])
package = json.loads(file.read_text(encoding="utf-8"))
for key in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
    for name, spec in list(package.get(key, {}).items()):
        if re.match(r"git[+:@]|git\+|github:|gitlab:|bitbucket:|gist:|https?://.*\.git|[\w.-]+/[\w.-]+(#.*)?$", str(spec)):
            print(f"  without {name}: it is in a git repository", file=sys.stderr)
            del package[key][name]
file.write_text(json.dumps(package, indent=2), encoding="utf-8")
