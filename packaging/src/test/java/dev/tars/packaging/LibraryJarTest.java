package dev.tars.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryJarTest {
  private static final int JAVA_5 = 49;

  @TempDir Path directory;
  private Path lib;
  private Path merged;

  @BeforeEach
  void makeDirectories() throws IOException {
    lib = Files.createDirectory(directory.resolve("lib"));
    merged = directory.resolve("libraries.jar");
  }

  @Test
  void anOldClassIsRaisedAndDoesWhatItDid() throws Exception {
    jar("old.jar", Map.of("Sign.class", sign(JAVA_5)));

    merge();

    try (JarFile jar = new JarFile(merged.toFile());
        URLClassLoader loader = new URLClassLoader(new URL[] {merged.toUri().toURL()}, null)) {
      byte[] head = jar.getInputStream(jar.getEntry("Sign.class")).readNBytes(8);
      assertThat(ClassUpgrade.isOld(head)).isFalse();
      var of = loader.loadClass("Sign").getMethod("of", int.class);
      assertThat(of.invoke(null, -7)).isEqualTo("negative");
      assertThat(of.invoke(null, 7)).isEqualTo("positive");
    }
  }

  @Test
  void aClassThatCannotBeVerifiedStopsTheBuild() throws IOException {
    byte[] broken = sign(JAVA_5);
    for (int i = 0; i + 1 < broken.length; i++) {
      if (broken[i] == 0x1a && (broken[i + 1] & 0xff) == 0x9b) {
        broken[i] = 0x2a; // "iload_0, iflt" becomes "aload_0, iflt"
      }
    }
    jar("broken.jar", Map.of("Sign.class", broken));

    assertThatThrownBy(this::merge).isInstanceOf(Exception.class);
    assertThat(merged).doesNotExist();
  }

  @Test
  void aSignatureIsLeftOutAndAFileThatOnlyLooksLikeOneIsNot() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        JarFile.MANIFEST_NAME,
        utf8("Manifest-Version: 1.0\n\nName: a.txt\nSHA-256-Digest: AAAA\n\n"));
    entries.put("META-INF/SIGNER.SF", utf8("Signature-Version: 1.0\n\n"));
    entries.put("META-INF/SIGNER.RSA", new byte[] {1});
    entries.put("a.txt", utf8("content"));
    entries.put("META-INF/below/x.SF", utf8("no signature"));
    jar("signed.jar", entries);

    merge();

    try (JarFile jar = new JarFile(merged.toFile(), true)) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .containsExactly(JarFile.MANIFEST_NAME, "a.txt", "META-INF/below/x.SF");
      assertThat(jar.getInputStream(jar.getEntry("a.txt"))).hasBinaryContent(utf8("content"));
    }
  }

  @Test
  void providersOfAllPartsAreFoundAndEachKeepsItsLicence() throws IOException {
    jar("a.jar", Map.of("META-INF/services/x.Y", utf8("a.Y"), "META-INF/LICENSE", utf8("A")));
    jar("b.jar", Map.of("META-INF/services/x.Y", utf8("b.Y"), "META-INF/LICENSE", utf8("B")));

    merge();

    assertThat(text("META-INF/services/x.Y").lines()).containsExactly("a.Y", "b.Y");
    assertThat(text("META-INF/LICENSE")).isEqualTo("A");
    assertThat(text("META-INF/libraries/b.jar/META-INF/LICENSE")).isEqualTo("B");
  }

  @Test
  void twoDifferentFilesOfOneNameStopTheBuild() throws IOException {
    jar("a.jar", Map.of("x/data.txt", utf8("A")));
    jar("b.jar", Map.of("x/data.txt", utf8("B")));

    assertThatThrownBy(this::merge)
        .hasMessageContaining("b.jar")
        .hasMessageContaining("x/data.txt");
  }

  @Test
  void versionsOfAJarThatIsNotMultiReleaseStayUnseen() throws IOException {
    jar("plain.jar", Map.of("META-INF/versions/9/a.txt", utf8("never seen")));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(JarFile.MANIFEST_NAME, utf8("Manifest-Version: 1.0\nMulti-Release: true\n\n"));
    entries.put("META-INF/versions/9/b.txt", utf8("seen"));
    entries.put("b.txt", utf8("of Java 8"));
    jar("versioned.jar", entries);

    merge();

    try (JarFile jar = new JarFile(merged.toFile(), false, 1, Runtime.version())) {
      assertThat(jar.getJarEntry("META-INF/versions/9/a.txt")).isNull();
      assertThat(jar.getInputStream(jar.getJarEntry("b.txt"))).hasBinaryContent(utf8("seen"));
    }
  }

  @Test
  void itIsWrittenAgainOnlyWhenAPartIsOtherThanItWas() throws IOException {
    jar("tars-own.jar", Map.of("own.txt", utf8("1")));
    jar("a.jar", Map.of("a.txt", utf8("1")));
    merge();
    Files.setLastModifiedTime(merged, FileTime.fromMillis(4_000_000_000_000L));

    jar("tars-own.jar", Map.of("own.txt", utf8("2")));
    merge();
    assertThat(Files.getLastModifiedTime(merged).toMillis()).isEqualTo(4_000_000_000_000L);

    jar("b.jar", Map.of("b.txt", utf8("1")));
    merge();
    assertThat(Files.getLastModifiedTime(merged).toMillis()).isLessThan(4_000_000_000_000L);
    assertThat(text("b.txt")).isEqualTo("1");
  }

  private void merge() throws IOException {
    LibraryJar.main(lib.toString(), "tars-", merged.toString());
  }

  private String text(String entry) throws IOException {
    try (JarFile jar = new JarFile(merged.toFile())) {
      return new String(
          jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A method with a branch, so that a version with stack maps needs one. */
  private static byte[] sign(int version) {
    return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
        .build(
            ClassDesc.of("Sign"),
            type ->
                type.withVersion(version, 0)
                    .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER)
                    .withMethodBody(
                        "of",
                        MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_int),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                        code -> {
                          var negative = code.newLabel();
                          code.iload(0)
                              .iflt(negative)
                              .loadConstant("positive")
                              .areturn()
                              .labelBinding(negative)
                              .loadConstant("negative")
                              .areturn();
                        }));
  }

  private void jar(String name, Map<String, byte[]> entries) throws IOException {
    try (OutputStream file = Files.newOutputStream(lib.resolve(name));
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
