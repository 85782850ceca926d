package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourceLimitsTest {
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          1,
          new ByteCount(1),
          1,
          new ByteCount(1),
          1,
          1,
          new ByteCount(1),
          new ByteCount(1),
          Duration.ofSeconds(1));

  /** What a proven engine is known by: a limit left out of it would be believed unproven. */
  @Test
  void theLineDiffersWithEachLimit() throws ReflectiveOperationException {
    List<String> lines = new ArrayList<>(List.of(LIMITS.line()));
    RecordComponent[] parts = ResourceLimits.class.getRecordComponents();
    for (int i = 0; i < parts.length; i++) {
      Object[] values = new Object[parts.length];
      for (int j = 0; j < parts.length; j++) {
        values[j] = parts[j].getAccessor().invoke(LIMITS);
      }
      values[i] = another(values[i]);
      Class<?>[] types =
          Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      lines.add(ResourceLimits.class.getConstructor(types).newInstance(values).line());
    }
    lines.add(LIMITS.with(new BoxWalls(Optional.of("crun"), BoxWalls.Seccomp.STRICT)).line());
    assertThat(lines).hasSize(parts.length + 2).doesNotHaveDuplicates();
  }

  private static Object another(Object value) {
    return switch (value) {
      case Integer n -> n + 1;
      case Long n -> n + 1;
      case ByteCount n -> new ByteCount(n.bytes() + 1);
      case Duration d -> d.plusNanos(1);
      case BoxWalls w -> new BoxWalls(w.runtime(), BoxWalls.Seccomp.ENGINE_DEFAULT);
      default -> throw new AssertionError("a limit of a type that this test does not know");
    };
  }
}
