package dev.tars.runner.policy;

import dev.tars.runner.model.PublicApi;

/** What a change does to one path. A rename is a deletion and a creation. */
@PublicApi
public enum FileOperation {
  CREATE,
  MODIFY,
  DELETE
}
