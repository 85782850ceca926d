package dev.tars.egress.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.nio.file.Path;
import java.time.Instant;

/** Entries of a layer with one fixed time. */
final class LayerFile {
  private LayerFile() {}

  static void put(FileEntriesLayer.Builder layer, Path source, String path, int mode) {
    put(layer, source, path, mode, "0:0");
  }

  static void put(
      FileEntriesLayer.Builder layer, Path source, String path, int mode, String owner) {
    layer.addEntry(
        source,
        AbsoluteUnixPath.get(path),
        FilePermissions.fromOctalString("%03o".formatted(mode)),
        Instant.EPOCH,
        owner);
  }
}
