package dev.tars.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tars.runner.model.PublicApi;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is marked for other programs: whole, documented, and without JSON. */
class PublicApiTest {
  private static final List<Class<?>> ALL =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages(PackageTable.ROOT)
              .stream()
              .filter(c ->
                  c.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
              .map(JavaClass::reflect)
              .toList();

  /** Nested types belong to the one around them. */
  private static boolean isMarked(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      if (at.isAnnotationPresent(PublicApi.class)) {
        return true;
      }
    }
    return false;
  }

  /** A program may have one, and call what is marked. */
  private static boolean isPartly(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(m -> m.isAnnotationPresent(PublicApi.class));
  }

  private static List<Method> marked() {
    List<Method> methods = new ArrayList<>();
    for (Class<?> type : ALL) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
          .filter(m -> isMarked(type) || m.isAnnotationPresent(PublicApi.class))
          .forEach(methods::add);
    }
    return methods;
  }

  @Test
  void whatIsMarkedNamesNothingThatIsNot() {
    Set<String> missing = new TreeSet<>();
    for (Method method : marked()) {
      List<Type> named = new ArrayList<>(List.of(method.getGenericParameterTypes()));
      named.add(method.getGenericReturnType());
      named.forEach(type -> unmarked(type, method, missing));
    }
    assertThat(marked()).hasSizeGreaterThan(100);
    assertThat(missing).isEmpty();
  }

  private static void unmarked(Type type, Method of, Set<String> missing) {
    switch (type) {
      case ParameterizedType generic -> {
        unmarked(generic.getRawType(), of, missing);
        Arrays.stream(generic.getActualTypeArguments()).forEach(t -> unmarked(t, of, missing));
      }
      case WildcardType wild ->
          Arrays.stream(wild.getUpperBounds()).forEach(t -> unmarked(t, of, missing));
      case Class<?> plain -> {
        Class<?> found = plain.isArray() ? plain.getComponentType() : plain;
        boolean known = found.isPrimitive() || found.getName().startsWith("java.");
        if (!known && !isMarked(found) && !isPartly(found)) {
          missing.add(
              found.getName() + " of " + of.getDeclaringClass().getName() + "." + of.getName());
        }
      }
      default -> {}
    }
  }

  @Test
  void everyMarkedTypeIsNamedInTheDocument() throws IOException {
    String document = Files.readString(Path.of("../docs/embedding.md"));
    for (Class<?> type : ALL) {
      if (type.isAnnotationPresent(PublicApi.class) && type.getEnclosingClass() == null) {
        assertThat(document).contains("`" + type.getSimpleName() + "`");
      }
    }
  }
}
