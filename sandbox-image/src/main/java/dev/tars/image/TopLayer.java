package dev.tars.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The layer on top of the base: the user of the box, its directories, the grammars of the syntax
 * box, and every privileged file of the base once more without its privileges. A layer cannot
 * change a mode, only replace a file.
 */
final class TopLayer {
  static final String USER = "65532:65532";
  static final String HOME = "/home/tars";
  static final String WORKSPACE = "/workspace";

  private static final String PASSWD = "tars:x:65532:65532::" + HOME + ":/bin/sh\n";
  private static final String GROUP = "tars:x:65532:\n";

  private final FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("tars");
  private final ImageContents contents;
  private final Path work;

  private TopLayer(ImageContents contents, Path work) {
    this.contents = contents;
    this.work = work;
  }

  /** Source files are written into {@code work} and must stay there until Jib has run. */
  static FileEntriesLayer of(ImageContents contents, String architecture, Path work)
      throws IOException {
    TopLayer top = new TopLayer(contents, Files.createDirectory(work.resolve("top")));
    top.users();
    top.grammars(architecture);
    top.withoutPrivileges();
    return top.layer.build();
  }

  private void users() throws IOException {
    account("etc/passwd", PASSWD);
    account("etc/group", GROUP);
    for (String directory : new String[] {WORKSPACE, HOME, HOME + "/.m2"}) {
      put(work, directory, 0755, USER);
    }
    parent("etc");
    parent("home");
  }

  private void grammars(String architecture) throws IOException {
    Path into = Files.createDirectory(work.resolve("grammars"));
    for (String directory : new String[] {"/opt/tars", Grammars.DIRECTORY}) {
      put(into, directory, 0755, "0:0");
    }
    for (Map.Entry<String, Path> grammar : Grammars.write(architecture, into).entrySet()) {
      put(grammar.getValue(), grammar.getKey(), 0644, "0:0");
    }
    parent("opt");
  }

  private void account(String path, String line) throws IOException {
    String before = contents.text(path);
    String separator = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
    Path file = work.resolve(path.replace('/', '-'));
    Files.writeString(file, before.contains(line) ? before : before + separator + line);
    put(file, "/" + path, 0644, "0:0");
  }

  private void withoutPrivileges() throws IOException {
    Set<String> parents = new TreeSet<>();
    for (Map.Entry<String, Path> entry :
        new java.util.TreeMap<>(contents.privileged()).entrySet()) {
      ImageFile file = contents.files().get(entry.getKey());
      if (file != null) {
        put(entry.getValue(), "/" + file.path(), file.mode() & 0777, file.owner().toString());
        String path = file.path();
        for (int i = path.indexOf('/'); i > 0; i = path.indexOf('/', i + 1)) {
          parents.add(path.substring(0, i));
        }
      }
    }
    parents.removeAll(contents.privileged().keySet());
    parents.remove("etc");
    parents.remove("home");
    parents.remove("opt");
    for (String directory : parents) {
      parent(directory);
    }
  }

  /** Jib would make a parent with a mode of its own; it keeps the one that it has in the base. */
  private void parent(String directory) {
    ImageFile file = contents.files().get(directory);
    if (file != null && file.kind() == ImageFile.Kind.DIRECTORY) {
      put(work, "/" + directory, file.mode() & 0777, file.owner().toString());
    }
  }

  private void put(Path source, String path, int mode, String owner) {
    layer.addEntry(
        source,
        AbsoluteUnixPath.get(path),
        FilePermissions.fromOctalString("%03o".formatted(mode)),
        Instant.EPOCH,
        owner);
  }
}
