package dev.tars.runner.model;

/** The id of one run in a state directory: {@code CTX-12}. */
@PublicApi
public record ContextId(String text) {
  public ContextId {
    if (!text.matches("CTX-[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(
          Escape.line(text) + " is not a context id; write CTX-<number> or last");
    }
  }

  public static ContextId of(long number) {
    return new ContextId("CTX-" + number);
  }

  public long number() {
    return Long.parseLong(text.substring(4));
  }

  @Override
  public String toString() {
    return text;
  }
}
