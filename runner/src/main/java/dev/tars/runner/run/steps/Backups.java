package dev.tars.runner.run.steps;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.store.ObjectStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What files of the layer were at a step, by the step's id. Contents are in the object store. */
public final class Backups {
  private final ObjectStore objects;
  private final Map<String, Map<RelativePath, Saved>> byStep = new HashMap<>();

  public Backups(ObjectStore objects) {
    this.objects = objects;
  }

  private sealed interface Saved {
    record Absent() implements Saved {}

    record Regular(Digest content, int mode) implements Saved {}

    record Link(Bytes target) implements Saved {}
  }

  /** Keeps what a path was; empty for a path where no file was. */
  void save(String step, RelativePath path, Optional<FileImage> image) {
    Saved saved =
        switch (image.orElse(null)) {
          case null -> new Saved.Absent();
          case FileImage.Regular file ->
              new Saved.Regular(objects.put(file.content().toArray()), file.mode());
          case FileImage.Link link -> new Saved.Link(link.target());
        };
    byStep.computeIfAbsent(step, id -> new LinkedHashMap<>()).putIfAbsent(path, saved);
  }

  /** Forgets what was kept at a step, so that it can be kept anew. */
  void forget(String step) {
    byStep.remove(step);
  }

  /** Every path that was kept at a step, with what it was; empty if nothing was kept. */
  Map<RelativePath, Optional<FileImage>> of(String step) {
    Map<RelativePath, Optional<FileImage>> images = new LinkedHashMap<>();
    byStep.getOrDefault(step, Map.of()).forEach((path, saved) -> images.put(path, image(saved)));
    return images;
  }

  private Optional<FileImage> image(Saved saved) {
    return switch (saved) {
      case Saved.Absent _ -> Optional.empty();
      case Saved.Regular file ->
          Optional.of(
              new FileImage.Regular(
                  Bytes.of(objects.read(file.content(), LayerEdits.MAX_FILE)), file.mode()));
      case Saved.Link link -> Optional.of(new FileImage.Link(link.target()));
    };
  }
}
