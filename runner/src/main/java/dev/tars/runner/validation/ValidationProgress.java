package dev.tars.runner.validation;

/** Told as gates begin and end, for events and the terminal. Must not throw. */
public interface ValidationProgress {
  ValidationProgress NONE =
      new ValidationProgress() {
        @Override
        public void started(String gate, String phase) {}

        @Override
        public void ended(GateResult result) {}
      };

  /**
   * @param phase {@code before}, {@code after}, {@code again-1} …, {@code original-tests}
   */
  void started(String gate, String phase);

  void ended(GateResult result);
}
