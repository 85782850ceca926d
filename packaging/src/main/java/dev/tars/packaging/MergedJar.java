package dev.tars.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A jar that is made of others: see {@link LibraryJar} for what it leaves out and why. */
final class MergedJar implements AutoCloseable {
  private static final Attributes.Name PARTS = new Attributes.Name("Tars-Parts");
  private static final String SERVICES = "META-INF/services/";
  private static final String VERSIONS = "META-INF/versions/";

  private final ZipOutputStream out;
  private final Map<String, byte[]> written = new HashMap<>();
  private final Map<String, ByteArrayOutputStream> services = new TreeMap<>();

  /**
   * @param parts what {@link #partsOf} says of it later
   */
  MergedJar(OutputStream file, String parts) throws IOException {
    this.out = new ZipOutputStream(file);
    out.setLevel(Deflater.BEST_SPEED); // it is read where it is made
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    manifest.getMainAttributes().put(PARTS, parts);
    out.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
    manifest.write(out);
    out.closeEntry();
  }

  /** The parts that a merged jar says it is made of; empty if it says nothing. */
  static String partsOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      String parts = file.getManifest().getMainAttributes().getValue(PARTS);
      return parts == null ? "" : parts;
    }
  }

  void add(Path part) throws IOException {
    try (JarFile in = new JarFile(part.toFile(), false)) {
      ClassUpgrade upgrade = new ClassUpgrade(in);
      for (ZipEntry entry : Collections.list(in.entries())) {
        if (entry.isDirectory() || !isWanted(entry.getName(), in.isMultiRelease())) {
          continue;
        }
        byte[] bytes;
        try (InputStream from = in.getInputStream(entry)) {
          bytes = from.readAllBytes();
        }
        if (entry.getName().startsWith(SERVICES)) {
          ByteArrayOutputStream lines =
              services.computeIfAbsent(entry.getName(), _ -> new ByteArrayOutputStream());
          lines.write(bytes);
          lines.write('\n');
        } else if (entry.getName().endsWith(".class") && ClassUpgrade.isOld(bytes)) {
          write(entry.getName(), upgrade.of(bytes), part);
        } else {
          write(entry.getName(), bytes, part);
        }
      }
    }
  }

  /** Writes the services of all parts: each has its providers under the same name. */
  void finish() throws IOException {
    for (Map.Entry<String, ByteArrayOutputStream> service : services.entrySet()) {
      put(service.getKey(), service.getValue().toByteArray());
    }
  }

  private void write(String name, byte[] bytes, Path part) throws IOException {
    byte[] before = written.putIfAbsent(name, bytes);
    if (before == null) {
      put(name, bytes);
    } else if (!Arrays.equals(before, bytes)) {
      if (!name.startsWith("META-INF/") || name.endsWith(".class")) {
        throw new IOException(
            part.getFileName() + " has another " + name + " than a library before");
      }
      // Licences and notices: each library's own.
      put("META-INF/libraries/" + part.getFileName() + "/" + name, bytes);
    }
  }

  private void put(String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  private static boolean isWanted(String name, boolean multiRelease) {
    return !name.equals(JarFile.MANIFEST_NAME)
        && !name.equals("META-INF/INDEX.LIST")
        && !name.endsWith("module-info.class")
        && !name.endsWith("OSGI-INF/MANIFEST.MF")
        && !isSignature(name)
        && (multiRelease || !name.startsWith(VERSIONS));
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("META-INF/")
        && upper.indexOf('/', "META-INF/".length()) < 0
        && (upper.endsWith(".SF")
            || upper.endsWith(".RSA")
            || upper.endsWith(".DSA")
            || upper.endsWith(".EC"));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
