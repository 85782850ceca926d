package dev.tars.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an image holds, read from its layers without running any of it.
 *
 * @param files by path
 * @param texts the few files whose content matters, by path
 * @param privileged the privileged files among {@code files}, each with a copy of its content
 */
record ImageContents(
    Map<String, ImageFile> files, Map<String, byte[]> texts, Map<String, Path> privileged) {
  ImageContents {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    texts = Map.copyOf(texts);
    privileged = Map.copyOf(privileged);
  }

  /** The empty string if there is no such file. */
  String text(String path) {
    return new String(texts.getOrDefault(path, new byte[0]), StandardCharsets.UTF_8);
  }

  /** Empty if the image has no package list that we can read. */
  Map<String, InstalledPackage> packages() {
    return DpkgDatabase.parse(text(DpkgDatabase.STATUS));
  }
}
