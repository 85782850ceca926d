package dev.tars.runner.validation;

/** Told as gates begin and end, for events and the terminal. Must not throw. */
public interface ValidationProgress {
  ValidationProgress NONE =
      new ValidationProgress() {
        @Override
        public void started(String gate, String phase) {}

        @Override
        public void ran(String gate, String phase, GateRun run) {}

        @Override
        public void ended(GateResult result) {}
      };

  /**
   * @param phase {@code before}, {@code after}, {@code again-1} …, {@code original-tests}
   */
  void started(String gate, String phase);

  /** One run of the gate's command is over; its gate may need more runs. */
  void ran(String gate, String phase, GateRun run);

  void ended(GateResult result);
}
