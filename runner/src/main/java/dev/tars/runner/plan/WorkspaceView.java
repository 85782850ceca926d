package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;
import java.util.Optional;

/** What a workspace holds now, by its bytes. No link is ever followed. */
public interface WorkspaceView {
  /** A file or a link; empty for anything else and for nothing. */
  Optional<FileImage> file(RelativePath path);

  /** The names in a directory, in any order; empty if there is no such directory. */
  List<Bytes> names(RelativePath directory);
}
