package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
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
                    new Told(
                        setting.text() + " is locked (" + setting.at() + ") and " + what,
                        "a setting is locked (" + setting.at() + ") and " + what)));
      }
    }
  }

  private static Optional<String> difference(LockedSetting setting, ChangedFile file) {
    if (setting.pointer().isEmpty()) {
      return Optional.of("the file changes");
    }
    Optional<List<String>> before =
        values(setting, file, file.before(), file.change().before().isPresent());
    Optional<List<String>> after = values(setting, file, file.after(), !file.deleted());
    if (after.isEmpty()) {
      return Optional.of("the file cannot be read after the change");
    }
    // A file that could not be read before held nothing that anybody could rely on.
    return before.orElse(List.of()).equals(after.get())
        ? Optional.empty()
        : Optional.of("is not what it was");
  }

  /** What stands there; no value if there is no such path, empty if it cannot be read. */
  private static Optional<List<String>> values(
      LockedSetting setting, ChangedFile file, Optional<byte[]> bytes, boolean exists) {
    if (bytes.isEmpty()) {
      return exists ? Optional.empty() : Optional.of(List.of());
    }
    return file.name().endsWith(".json")
        ? ConfigValues.json(bytes.get(), setting.pointer())
        : ConfigValues.xml(bytes.get(), setting.pointer());
  }
}
