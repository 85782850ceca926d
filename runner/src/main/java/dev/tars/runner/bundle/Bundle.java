package dev.tars.runner.bundle;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.workspace.ChangeSet;

/**
 * The evidence of a context of another machine, after every check that needs no workspace.
 *
 * @param signed the envelope that names all of it
 * @param key the name that the policy here gives the key that signed it
 */
public record Bundle(Bytes signed, String key, ContextRecord context, Judged judged) {

  /** The change, and what was found of it there. */
  public record Judged(ChangeSet changeSet, JudgedVerdict verdict) {}

  /** What names it, here and in audit logs. */
  public Digest digest() {
    return Digest.of(signed.toArray());
  }
}
