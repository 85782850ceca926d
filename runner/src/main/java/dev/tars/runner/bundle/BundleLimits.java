package dev.tars.runner.bundle;

import dev.tars.runner.policy.EffectivePolicy;

/**
 * How much a bundle may hold, by the policy of who reads it.
 *
 * @param objects how many files a change may have
 * @param objectSize bytes of one of them
 * @param objectsSize bytes of all of them
 * @param logSize bytes of what one command printed
 */
public record BundleLimits(long objects, long objectSize, long objectsSize, long logSize) {
  static final int STATEMENT = 8 << 20;
  private static final long DOCUMENT = 16 << 20;
  private static final int DOCUMENTS = 2_000;

  /** A command runs at most eleven times: once, and ten retries. */
  private static final int TRIES = 11;

  public static BundleLimits of(EffectivePolicy policy) {
    return new BundleLimits(
        policy.changeLimits().filesChanged(),
        policy.changeLimits().fileSize().bytes(),
        policy.changeLimits().totalSize().bytes(),
        TRIES * policy.resources().output().bytes());
  }

  /**
   * Asked of what was signed, before any of it is read.
   *
   * @throws IllegalArgumentException with a sentence that says what is too large
   */
  void require(BundleStatement statement) {
    long documents = 0;
    long count = 0;
    long bytes = 0;
    for (BundleStatement.Entry file : statement.files()) {
      boolean object = file.name().startsWith("objects/");
      long most = object ? objectSize : isOutput(file.name()) ? logSize : DOCUMENT;
      if (file.size() > most) {
        throw new IllegalArgumentException(
            file.name() + " has " + file.size() + " bytes, and at most " + most + " are taken");
      }
      documents += object ? 0 : 1;
      count += object ? 1 : 0;
      bytes += object ? file.size() : 0;
    }
    most("files of the change", count, objects);
    most("bytes of the change", bytes, objectsSize);
    most("documents and logs", documents, DOCUMENTS);
  }

  private static boolean isOutput(String name) {
    return name.endsWith(".log") || name.endsWith(".jsonl");
  }

  private static void most(String what, long found, long most) {
    if (found > most) {
      throw new IllegalArgumentException(
          "it has " + found + " " + what + ", and at most " + most + " are taken");
    }
  }
}
