# The git side of a replay: whose objects, which trees, what the workspace holds. Sourced by bench/replay.

# Not one setting of the user, of the system or of the environment has a say.
for name in $(compgen -e GIT_); do unset "$name"; done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1
export GIT_OPTIONAL_LOCKS=0 GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0

# git in a repository of our own that borrows the objects: none of its settings, filters or hooks.
# Names that only other systems cannot hold are names like all others here.
g() {
  git --git-dir="$scratch/git" -c core.autocrlf=false -c core.symlinks=true -c core.fileMode=true \
    -c core.protectNTFS=false -c core.protectHFS=false -c advice.addEmbeddedRepo=false "$@"
}
their() { git -c safe.directory='*' -C "$repo" "$@"; }

# Sets commit, parent, commit_tree and parent_tree; the trees are without submodules.
borrow_repository() {
  local source_git format
  # The objects of a linked work tree are in the repository that it belongs to.
  source_git=$(their rev-parse --path-format=absolute --git-common-dir 2>/dev/null) ||
    unusable "$1 is not a git repository"
  format=$(their rev-parse --show-object-format)
  git init -q --bare --object-format="$format" --template= "$scratch/git"
  mkdir -p "$scratch/git/info" "$scratch/git/objects/info"
  printf '%s\n' "$source_git/objects" > "$scratch/git/objects/info/alternates"
  # No line ends, filters or keywords; what is text is seen by its bytes, not by what the project says.
  printf '* -text -eol -filter -ident -working-tree-encoding !diff -merge\n' > "$scratch/git/info/attributes"
  commit=$(their rev-parse --verify -q --end-of-options "$2^{commit}" 2>/dev/null) ||
    unusable "no commit $2 in $1"
  parent=$(g rev-parse --verify -q "$commit^1") || unusable "$commit has no parent: it is the first of its history"
  parent_tree=$(tree_without_submodules "$parent") || unusable "git cannot read the whole tree of the parent $parent"
  commit_tree=$(tree_without_submodules "$commit") || unusable "git cannot read the whole tree of $commit"
  leave_out_missing
}

# A repository may lack objects (shallow, partial, a copy without large files). What the commit does
# not touch is left out of both trees; where it does, there is nothing to replay.
leave_out_missing() {
  local missing=$scratch/missing
  { g ls-tree -r "$parent_tree"; g ls-tree -r "$commit_tree"; } | awk '{print $3}' | sort -u |
    g cat-file --batch-check | sed -n 's/ missing$//p' > "$missing"
  [ -s "$missing" ] || return 0
  if g diff-tree -r --raw --no-abbrev --no-renames "$parent_tree" "$commit_tree" | grep -aqFf "$missing"; then
    unusable "objects that $commit changes are not in the repository: $(head -3 "$missing" | tr '\n' ' ')"
  fi
  say "note: left out of both trees, as the repository does not hold them: $(grep -c . "$missing") objects"
  parent_tree=$(tree_without_submodules "$parent_tree" "$missing")
  commit_tree=$(tree_without_submodules "$commit_tree" "$missing")
}

# A submodule is another repository: its entries are taken out, so that they are not in the diff either.
# A second argument names a file with the objects to leave out as well.
tree_without_submodules() {
  local index=$scratch/index.tree
  rm -f "$index"
  # Of an entry "MODE OBJECT 0<tab>PATH": that of a submodule, or of an object to leave out.
  { printf '^160000 \n'; sed 's/.*/^[0-7]* & 0/' "${2:-/dev/null}"; } > "$scratch/index.without"
  GIT_INDEX_FILE=$index g read-tree "$1" || return 1
  GIT_INDEX_FILE=$index g ls-files -s -z |
    { grep -az -f "$scratch/index.without" || true; } | sed -z 's/^[^\t]*\t//' |
    GIT_INDEX_FILE=$index g --work-tree="$ws" update-index -z --force-remove --stdin || return 1
  GIT_INDEX_FILE=$index g write-tree --missing-ok
}

checkout_tree() {
  GIT_INDEX_FILE=$scratch/index.checkout g --work-tree="$ws" read-tree "$1"
  GIT_INDEX_FILE=$scratch/index.checkout g --work-tree="$ws" checkout-index -a -f
}

# What git would record of the workspace, whatever it ignores. What a replay added beside the tree
# (dependencies, improvements) does not count.
tree_of_workspace() {
  local index=$scratch/index.workspace path
  rm -f "$index"
  {
    printf '.\0:(exclude,top).tars\0'
    [ ! -f "$scratch/added" ] || while IFS= read -r -d '' path; do
      printf ':(exclude,top,literal)%s\0' "$path"
    done < "$scratch/added"
  } | GIT_INDEX_FILE=$index g --work-tree="$ws" add -A -f --pathspec-from-file=- --pathspec-file-nul >/dev/null
  GIT_INDEX_FILE=$index g ls-files -s -z
}
tree_of_commit() { g ls-tree -r -z "$1" | sed -z 's/^\([0-9]*\) blob \([0-9a-f]*\)\t/\1 \2 0\t/'; }
same_tree() {
  tree_of_commit "$1" > "$scratch/expected"
  tree_of_workspace > "$scratch/found"
  cmp -s "$scratch/expected" "$scratch/found" || {
    say "the workspace is not $2:"
    diff -a <(tr '\0' '\n' <"$scratch/expected") <(tr '\0' '\n' <"$scratch/found") | cat -v | head -20 >&2
    return 1
  }
}

# More than git records: every directory, every mode, every link's target.
list_workspace() {
  (cd "$ws" && find . -path ./.tars -prune -o -name node_modules -prune -o \
    ! -path . -printf '%y %m %p %l\n' | LC_ALL=C sort)
}
no_empty_directories() {
  local found
  found=$(cd "$ws" && find . -path ./.tars -prune -o -name node_modules -prune -o -type d -empty ! -path . -print | head -5)
  [ -z "$found" ] || { printf '%s\n' "$found" | cat -v >&2; return 1; }
}
