package dev.tars.runner.context;

import dev.tars.runner.model.Digest;

/** The names of the files of a context. */
public final class ContextFiles {
  public static final String CONTEXT = "context.json";
  public static final String EVENTS = "events.jsonl";
  public static final String CHANGE_SET = "changeset.json";
  public static final String VERDICT = "verdict.json";
  public static final String ATTESTATION = "attestation.json";

  private ContextFiles() {}

  /** Where the patch of a change set is. */
  public static String patch(Digest changeSet) {
    return "change-" + changeSet.hex() + ".patch";
  }
}
