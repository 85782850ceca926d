package dev.tars.runner.plan;

/** The thirteen step types of the specification. */
public enum StepType {
  FILE_MODIFICATION("FileModification"),
  FILE_CREATION("FileCreation"),
  FILE_DELETION("FileDeletion"),
  FILE_BACKUP("FileBackup"),
  FILE_RESTORE("FileRestore"),
  VALIDATION("Validation"),
  COMPILATION("Compilation"),
  TEST_EXECUTION("TestExecution"),
  COMMAND_EXECUTION("CommandExecution"),
  NOTIFICATION("Notification"),
  APPROVAL("Approval"),
  ROLLBACK("Rollback"),
  OTHER("Other");

  private final String id;

  StepType(String id) {
    this.id = id;
  }

  /** True if it runs a command in a box. */
  public boolean isCommand() {
    return switch (this) {
      case COMPILATION, TEST_EXECUTION, COMMAND_EXECUTION, OTHER -> true;
      default -> false;
    };
  }

  /** The name in improvement files. */
  public String id() {
    return id;
  }
}
