package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.LockedSetting;
import java.util.List;
import java.util.Optional;

/** Places in configuration that the policy locks: they are after a change as they were before. */
final class LockedConfigurationCheck implements FileCheck {
  private final List<LockedSetting> locked;

  LockedConfigurationCheck(List<LockedSetting> locked) {
    this.locked = locked;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    for (LockedSetting setting : locked) {
      if (setting.file().matches(file.path())) {
        difference(setting, file)
            .ifPresent(what ->
                findings.add(
                    "config.locked",
                    Severity.REJECT,
                    file.path(),
                    0,
                    setting.text() + " is locked (" + setting.at() + ") and " + what));
      }
    }
  }

  private static Optional<String> difference(LockedSetting setting, ChangedFile file) {
    if (setting.pointer().isEmpty()) {
      return Optional.of("the file changes");
    }
    Optional<List<String>> before = values(setting, file.before(), file);
    Optional<List<String>> after = values(setting, file.after(), file);
    if (after.isEmpty()) {
      return Optional.of("the file cannot be read after the change");
    }
    // A file that could not be read before held nothing that anybody could rely on.
    return before.orElse(List.of()).equals(after.get())
        ? Optional.empty()
        : Optional.of("is not what it was");
  }

  /** What stands there; empty if the file cannot be read, no value if there is no file. */
  private static Optional<List<String>> values(
      LockedSetting setting, Optional<byte[]> bytes, ChangedFile file) {
    boolean there = bytes.isPresent();
    if (!there) {
      boolean none = bytes == file.after() ? !file.isFileAfter() : file.change().before().isEmpty();
      return none ? Optional.of(List.of()) : Optional.empty();
    }
    return file.name().endsWith(".json")
        ? ConfigValues.json(bytes.get(), setting.pointer())
        : ConfigValues.xml(bytes.get(), setting.pointer());
  }
}
