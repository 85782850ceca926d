package dev.tars.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes tars entry by entry: layers, root file systems and image archives for tests. */
final class TarFixture {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar =
      new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name());

  TarFixture() {
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** A root file system with a user list, one program and a package list. */
  static TarFixture rootFs() {
    return new TarFixture()
        .directory("./etc", 0755)
        .file("./etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n")
        .file("./etc/group", 0644, "root:x:0:\n")
        .directory("./home", 0755)
        .directory("./usr", 0755)
        .directory("./usr/bin", 0755)
        .file("./usr/bin/true", 0755, "#!/bin/sh\n");
  }

  TarFixture directory(String path, int mode) {
    return add(new TarArchiveEntry(path + "/"), mode, new byte[0]);
  }

  TarFixture file(String path, int mode, String content) {
    return add(new TarArchiveEntry(path), mode, content.getBytes(StandardCharsets.UTF_8));
  }

  TarFixture file(String path, byte[] content) {
    return add(new TarArchiveEntry(path), 0644, content);
  }

  TarFixture capable(String path, String content) {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.addPaxHeader("SCHILY.xattr.security.capability", "cap");
    return add(entry, 0755, content.getBytes(StandardCharsets.UTF_8));
  }

  TarFixture hardLink(String path, String target, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_LINK);
    entry.setLinkName(target);
    return add(entry, mode, new byte[0]);
  }

  TarFixture symbolicLink(String path, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return add(entry, 0777, new byte[0]);
  }

  private TarFixture add(TarArchiveEntry entry, int mode, byte[] content) {
    try {
      entry.setMode((entry.getMode() & ~07777) | mode);
      entry.setIds(0, 0);
      entry.setModTime(0);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      tar.finish();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path in(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /** An image archive of these layers, bottom first, with this JSON as the config's settings. */
  static Path image(Path file, String settings, byte[]... layers) throws IOException {
    TarFixture archive = new TarFixture();
    StringBuilder names = new StringBuilder();
    StringBuilder digests = new StringBuilder();
    for (int i = 0; i < layers.length; i++) {
      String separator = i == 0 ? "" : ",";
      archive.file("layer" + i + ".tar", layers[i]);
      names.append(separator).append("\"layer%d.tar\"".formatted(i));
      digests
          .append(separator)
          .append('"')
          .append(dev.tars.runner.model.Digest.of(layers[i]))
          .append('"');
    }
    String config =
        """
        {"architecture":"amd64","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}
        """
            .formatted(settings, digests);
    archive.file("config.json", 0644, config);
    String manifest = "[{\"Config\":\"config.json\",\"RepoTags\":[],\"Layers\":[%s]}]";
    return archive.file("manifest.json", 0644, manifest.formatted(names)).in(file);
  }

  static Map<String, ImageFile> filesOf(Path image, Path work) throws IOException {
    return scan(image, work).files();
  }

  static ImageContents scan(Path image, Path work) throws IOException {
    LayerScan scan = new LayerScan(Files.createTempDirectory(work, "scan"));
    new DockerArchive(image).scan(scan);
    return scan.contents();
  }
}
