package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileStat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A disk that lets one kind of call at one place of the runner do something else, as if the line
 * were missing there, or another: the runner itself has no hooks for it.
 */
final class MutantDisk {
  private static final StackWalker WALKER = StackWalker.getInstance();

  /** What the call does instead. */
  enum Action {
    DROP,
    /** After the next sync of the log. */
    DEFER,
    REPLACE,
    /** It is told that nothing is there. */
    EMPTY,
    /** It sees what stood there when the transaction checked it, whatever stands there now. */
    BLIND,
    /** One bit of what is written is another. */
    FLIP,
    /** The first call goes through; the one that would put things back does nothing. */
    DROP_WAY_BACK,
    YES
  }

  /**
   * @param calls names of methods of {@link Disk}
   * @param site {@code Class.method} that calls the disk, itself
   * @param within {@code Class.method} further up, or empty
   */
  record Mutant(String name, List<String> calls, String site, String within, Action action) {}

  private record Fake(FileStat stat, byte[] bytes, int[] at) implements Disk.DiskFile {
    @Override
    public String where() {
      return "as it was";
    }

    @Override
    public void close() {}
  }

  private final Disk disk;
  private final Mutant mutant;
  private final Map<Bytes, Fake> saved = new HashMap<>();
  private final Map<Bytes, Bytes> displaced = new HashMap<>();
  private final Set<Set<Object>> there = new HashSet<>();
  private final Deque<Supplier<Object>> deferred = new ArrayDeque<>();

  private MutantDisk(Disk disk, Mutant mutant) {
    this.disk = disk;
    this.mutant = mutant;
  }

  static Disk of(Disk disk, Mutant mutant) {
    MutantDisk handler = new MutantDisk(disk, mutant);
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> handler.call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (arguments != null && arguments[0] instanceof Fake fake) {
      return fake(method, arguments, fake);
    }
    if (mutant.action() == Action.BLIND) {
      remember(method, arguments);
    }
    if (mutant.calls().contains(method.getName()) && isHere()) {
      return instead(method, arguments);
    }
    Object result = real(method, arguments);
    if (method.getName().equals("fdatasync")) {
      while (!deferred.isEmpty()) {
        deferred.poll().get();
      }
    }
    return result;
  }

  private boolean isHere() {
    List<String> frames =
        WALKER.walk(all ->
            all.map(f -> simple(f.getClassName()) + "." + method(f.getMethodName()))
                .filter(f -> !f.startsWith("MutantDisk") && !f.startsWith("Proxy"))
                .filter(f -> !f.startsWith("DirectMethod") && !f.startsWith("Method."))
                .toList());
    return !frames.isEmpty()
        && List.of(mutant.site().split("\\|")).contains(frames.getFirst())
        && (mutant.within().isEmpty()
            || Stream.of(mutant.within().split("\\|")).anyMatch(frames::contains));
  }

  private static String simple(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }

  /** A lambda counts as the method that it is in. */
  private static String method(String name) {
    return name.startsWith("lambda$") ? name.split("\\$")[1] : name;
  }

  private Object instead(Method method, Object[] arguments) throws Throwable {
    return switch (mutant.action()) {
      case DROP -> null;
      case DEFER -> {
        deferred.add(() -> {
          try {
            return real(method, arguments);
          } catch (Throwable e) {
            return e; // a handle that is closed by now: dropped, then
          }
        });
        yield null;
      }
      case REPLACE -> {
        arguments[4] = Disk.RenameMode.REPLACE;
        yield real(method, arguments);
      }
      case EMPTY -> List.of();
      case BLIND -> blind(method, arguments);
      case FLIP -> {
        byte[] bytes = ((byte[]) arguments[1]).clone();
        bytes[(int) arguments[2]] ^= 1;
        arguments[1] = bytes;
        yield real(method, arguments);
      }
      case DROP_WAY_BACK ->
          there.add(Set.of(arguments[1], arguments[3])) ? real(method, arguments) : null;
      case YES -> true;
    };
  }

  /** What each file was when it was checked, and under which name it is displaced. */
  private void remember(Method method, Object[] arguments) {
    if (method.getName().equals("open")
        && arguments.length == 3
        && arguments[1] instanceof Bytes name) {
      boolean checking =
          WALKER.walk(all ->
              all.map(f -> simple(f.getClassName()) + "." + method(f.getMethodName()))
                  .anyMatch("Preconditions.check"::equals));
      if (checking) {
        byte[] bytes = dev.tars.runner.store.AtomicFile.read(disk, (Disk.Dir) arguments[0], name);
        FileStat stat = disk.stat((Disk.Dir) arguments[0], name).orElseThrow();
        saved.put(name, new Fake(stat, bytes, new int[1]));
      }
    }
    if (method.getName().equals("rename")) {
      Bytes from = (Bytes) arguments[1];
      Bytes to = (Bytes) arguments[3];
      displaced.put(to, from);
      if (arguments[4] == Disk.RenameMode.EXCHANGE) {
        displaced.put(from, to);
      }
    }
  }

  private Object blind(Method method, Object[] arguments) throws Throwable {
    if (arguments.length == 1) {
      return real(method, arguments); // of a file that is open and no fake
    }
    Fake fake = saved.get(displaced.get((Bytes) arguments[1]));
    if (fake == null) {
      return real(method, arguments);
    }
    return method.getName().equals("stat")
        ? Optional.of(fake.stat())
        : new Fake(fake.stat(), fake.bytes(), new int[1]);
  }

  private static Object fake(Method method, Object[] arguments, Fake fake) {
    if (method.getName().equals("stat")) {
      return fake.stat();
    }
    int n = Math.min((int) arguments[3], fake.bytes().length - fake.at()[0]);
    System.arraycopy(fake.bytes(), fake.at()[0], (byte[]) arguments[1], (int) arguments[2], n);
    fake.at()[0] += n;
    return n == 0 ? -1 : n;
  }

  private Object real(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(disk, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
