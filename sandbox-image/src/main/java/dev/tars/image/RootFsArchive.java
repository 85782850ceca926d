package dev.tars.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Wraps the tar of a root file system as an image of one layer. Jib takes such an archive as a
 * base, but not the tar itself; giving it the files one by one would follow links and lose modes.
 */
final class RootFsArchive {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private RootFsArchive() {}

  /** Writes {@code archive}; the same tar gives the same bytes. */
  static void wrap(Path rootFs, String architecture, Path archive) throws IOException {
    Path layer = archive.resolveSibling("layer.tar.gz");
    Digest digest = compress(rootFs, layer);
    byte[] config = config(digest, architecture);
    byte[] manifest =
        JSON.writeValueAsBytes(
            JSON.createArrayNode()
                .add(
                    JSON.createObjectNode()
                        .put("Config", "config.json")
                        .<ObjectNode>set("RepoTags", JSON.createArrayNode())
                        .set("Layers", JSON.createArrayNode().add("layer.tar.gz"))));
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(file, StandardCharsets.UTF_8.name())) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      add(tar, "manifest.json", manifest);
      add(tar, "config.json", config);
      put(tar, "layer.tar.gz", Files.size(layer));
      Files.copy(layer, tar);
      tar.closeArchiveEntry();
    }
    Files.delete(layer);
  }

  /** Compresses quickly, not well: the file lives for a minute. Returns the digest of the tar. */
  private static Digest compress(Path rootFs, Path into) throws IOException {
    MessageDigest md = Digest.sha256();
    try (InputStream in =
            new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(rootFs), 1 << 16), md);
        OutputStream out = new QuickGzip(Files.newOutputStream(into))) {
      in.transferTo(out);
    }
    return Digest.finish(md);
  }

  private static byte[] config(Digest layer, String architecture) throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config
        .put("architecture", architecture)
        .put("os", "linux")
        .put("created", "1970-01-01T00:00:00Z");
    config.putObject("config").putArray("Env").add(PATH);
    ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
    rootfs.putArray("diff_ids").add(layer.toString());
    config.putArray("history").addObject().put("created_by", "mmdebstrap");
    return JSON.writeValueAsBytes(config);
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    put(tar, name, content.length);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
  }

  private static final class QuickGzip extends GZIPOutputStream {
    QuickGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(1);
    }
  }
}
