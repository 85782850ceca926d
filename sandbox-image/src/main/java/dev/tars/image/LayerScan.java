package dev.tars.image;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads the layers of an image from bottom to top, and keeps what the topmost leaves. */
final class LayerScan {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final long TEXT_LIMIT = 16 << 20;
  private static final Set<String> TEXTS = Set.of("etc/passwd", "etc/group", DpkgDatabase.STATUS);

  private final TreeMap<String, ImageFile> files = new TreeMap<>();
  private final Map<String, byte[]> texts = new HashMap<>();
  private final Map<String, Path> privileged = new HashMap<>();
  private final Path work;
  private int copies;

  /** Copies of privileged files go into {@code work}. */
  LayerScan(Path work) {
    this.work = work;
  }

  /** Adds one uncompressed layer. */
  void add(InputStream layer) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(layer);
    // Removals of a layer concern the layers below it, whatever its order of entries.
    Map<String, ImageFile> added = new HashMap<>();
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      String path = clean(entry.getName());
      String name = path.substring(path.lastIndexOf('/') + 1);
      String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
      if (name.equals(OPAQUE)) {
        removeBelow(parent, added);
      } else if (name.startsWith(WHITEOUT)) {
        String target = parent + (parent.isEmpty() ? "" : "/") + name.substring(WHITEOUT.length());
        if (!added.containsKey(target)) {
          files.remove(target);
        }
        removeBelow(target, added);
      } else if (!path.isEmpty()) {
        ImageFile file = describe(path, entry);
        added.put(path, file);
        files.put(path, file);
        keep(file, entry, tar);
      }
    }
  }

  private void removeBelow(String directory, Map<String, ImageFile> added) {
    String from = directory + "/";
    files.subMap(from, directory + "0").keySet().removeIf(p -> !added.containsKey(p));
  }

  private ImageFile describe(String path, TarArchiveEntry entry) {
    ImageFile.Kind kind =
        entry.isDirectory()
            ? ImageFile.Kind.DIRECTORY
            : entry.isFile() && !entry.isSymbolicLink()
                ? ImageFile.Kind.FILE
                : ImageFile.Kind.OTHER;
    boolean capable = entry.getExtraPaxHeaders().containsKey("SCHILY.xattr.security.capability");
    int mode = entry.getMode() & 07777;
    if (entry.isLink()) {
      // A hard link is its target: the rights, and no bytes of its own.
      ImageFile target = files.get(clean(entry.getLinkName()));
      if (target != null) {
        return new ImageFile(
            path, ImageFile.Kind.FILE, target.mode(), target.owner(), 0, target.capable());
      }
      kind = ImageFile.Kind.FILE;
    }
    ImageFile.Owner owner = new ImageFile.Owner(entry.getLongUserId(), entry.getLongGroupId());
    return new ImageFile(path, kind, mode, owner, entry.isFile() ? entry.getSize() : 0, capable);
  }

  private void keep(ImageFile file, TarArchiveEntry entry, InputStream content) throws IOException {
    if (TEXTS.contains(file.path()) || DpkgDatabase.isFileList(file.path())) {
      if (entry.getSize() > TEXT_LIMIT) {
        throw refused("/" + file.path() + " is larger than 16 MiB");
      }
      texts.put(file.path(), content.readAllBytes());
    }
    privileged.remove(file.path());
    if (file.privileged()) {
      keepPrivileged(file, entry, content);
    }
  }

  private void keepPrivileged(ImageFile file, TarArchiveEntry entry, InputStream content)
      throws IOException {
    Path copy = work.resolve("privileged-" + copies++);
    if (file.kind() == ImageFile.Kind.DIRECTORY) {
      Files.createDirectory(copy);
    } else if (entry.isLink()) {
      Path target = privileged.get(clean(entry.getLinkName()));
      if (target == null) {
        throw refused("/" + file.path() + " is a privileged link to what no layer holds");
      }
      Files.copy(target, copy);
    } else {
      Files.copy(content, copy);
    }
    privileged.put(file.path(), copy);
  }

  ImageContents contents() {
    privileged.keySet().retainAll(files.keySet());
    texts.keySet().retainAll(files.keySet());
    return new ImageContents(files, texts, privileged);
  }

  private static String clean(String name) {
    String path = name;
    while (path.startsWith("./") || path.startsWith("/")) {
      path = path.substring(path.startsWith("/") ? 1 : 2);
    }
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.equals(".") ? "" : path;
  }

  private static RunnerException refused(String what) {
    return new RunnerException(
        FailureCode.IMAGE_REFUSED,
        "the base of the sandbox image cannot be used: " + dev.tars.runner.model.Escape.line(what),
        "Use another base.");
  }
}
