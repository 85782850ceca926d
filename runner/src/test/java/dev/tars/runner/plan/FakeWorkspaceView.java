package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A workspace in memory. */
final class FakeWorkspaceView implements WorkspaceView {
  private final Map<RelativePath, FileImage> files = new TreeMap<>();

  FakeWorkspaceView with(String path, String content) {
    files.put(RelativePath.of(path), new FileImage.Regular(Bytes.utf8(content), 0644));
    return this;
  }

  @Override
  public Optional<FileImage> file(RelativePath path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public List<Bytes> names(RelativePath directory) {
    return files.keySet().stream()
        .filter(p -> directory.contains(p) && !p.equals(directory))
        .map(p -> p.components().get(directory.components().size()))
        .distinct()
        .toList();
  }
}
