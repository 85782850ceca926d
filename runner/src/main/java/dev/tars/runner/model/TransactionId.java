package dev.tars.runner.model;

/** The id of one promotion or rollback in a state directory: {@code TX-7}. */
@PublicApi
public record TransactionId(String text) {
  public TransactionId {
    if (!text.matches("TX-[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(
          Escape.line(text) + " is not a transaction id; write TX-<number>");
    }
  }

  public static TransactionId of(long number) {
    return new TransactionId("TX-" + number);
  }

  public long number() {
    return Long.parseLong(text.substring(3));
  }

  @Override
  public String toString() {
    return text;
  }
}
