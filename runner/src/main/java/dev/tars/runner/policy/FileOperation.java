package dev.tars.runner.policy;

/** What a change does to one path. A rename is a deletion and a creation. */
public enum FileOperation {
  CREATE,
  MODIFY,
  DELETE
}
