package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the store still holds what the log says can be rolled back. */
public final class StoreCheck {
  private final AuditLog log;
  private final ObjectStore objects;

  public StoreCheck(AuditLog log, ObjectStore objects) {
    this.log = log;
    this.objects = objects;
  }

  /** One line for each transaction that lacks something; those that were collected lack nothing. */
  public List<String> missing() {
    Map<String, Digest> manifests = new LinkedHashMap<>();
    log.forEach(record -> {
      String id = record.payload().path("transaction").asText();
      switch (record.type()) {
        case "INTENT" ->
            manifests.put(id, Digest.parse(record.payload().path("manifest").asText()));
        case "ABORT" -> manifests.remove(id);
        case "GC" ->
            record.payload().path("transactions").forEach(t -> manifests.remove(t.asText()));
        default -> {}
      }
    });
    List<String> missing = new ArrayList<>();
    manifests.forEach(
        (id, manifest) -> problem(manifest).ifPresent(p -> missing.add(id + ": " + p)));
    return missing;
  }

  private Optional<String> problem(Digest digest) {
    try {
      long lacking =
          Manifest.read(objects.read(digest, Integer.MAX_VALUE)).moves().stream()
              .filter(m -> isMissing(m.from()) || isMissing(m.to()))
              .count();
      return lacking == 0
          ? Optional.empty()
          : Optional.of("the store lacks the content of " + lacking + " of its paths");
    } catch (RunnerException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private boolean isMissing(Optional<TreeEntry> entry) {
    return entry.orElse(null) instanceof TreeEntry.RegularFile file && !objects.has(file.content());
  }
}
