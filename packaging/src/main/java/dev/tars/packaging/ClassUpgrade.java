package dev.tars.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Raises class files to version 52, the oldest that the JDK still writes, with the stack maps that
 * versions below 50 do not have. Of the types that stack maps meet, those of the jar itself and of
 * the JDK are looked at; any other one is taken for a class that extends {@code Object}.
 */
final class ClassUpgrade {
  /** Major version of the class files that come out (Java 8). */
  static final int VERSION = ClassFile.JAVA_8_VERSION;

  private final ClassFile classes;

  ClassUpgrade(JarFile jar) {
    ClassHierarchyResolver known =
        ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> resource(jar, type))
            .orElse(ClassHierarchyResolver.ofResourceParsing(ClassLoader.getPlatformClassLoader()))
            .orElse(type -> ClassHierarchyResolver.ClassHierarchyInfo.ofClass(null));
    this.classes =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(known),
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
  }

  /** True if the file is of a version that is raised; reads its first 8 bytes. */
  static boolean isOld(byte[] file) {
    return file.length >= 8 && ((file[6] & 0xff) << 8 | (file[7] & 0xff)) < VERSION;
  }

  /**
   * The same class as a file of version 52.
   *
   * @throws IOException if the JDK's verifier does not accept what came out
   */
  byte[] of(byte[] file) throws IOException {
    ClassModel model = classes.parse(file);
    byte[] raised =
        classes.transformClass(
            model,
            // Each method body is written anew: only then are its stack maps made.
            ClassTransform.transformingMethodBodies(CodeBuilder::with)
                .andThen((builder, element) -> {
                  if (element instanceof ClassFileVersion) {
                    builder.withVersion(VERSION, 0);
                  } else {
                    builder.with(element);
                  }
                }));
    List<VerifyError> errors = classes.verify(raised);
    if (!errors.isEmpty()) {
      throw new IOException(
          model.thisClass().asInternalName() + " cannot be raised: " + errors.getFirst());
    }
    return raised;
  }

  private static @Nullable InputStream resource(JarFile jar, ClassDesc type) {
    String descriptor = type.descriptorString();
    ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
