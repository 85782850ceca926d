package dev.tars.runner.promotion;

import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** The real disk, with somebody who looks at each call first. */
final class DiskSpy {
  private DiskSpy() {}

  /** May throw, or answer in the disk's place with a value; an empty one lets the call go on. */
  @FunctionalInterface
  interface Look {
    Optional<Object> at(String call, Object[] arguments);
  }

  static Disk with(Look look) {
    Disk real = LinuxDisk.create();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
              Optional<Object> answer = look.at(method.getName(), arguments);
              if (answer.isPresent()) {
                return answer.get();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Where the directory or file is that a call was given. */
  static String place(Object handle) {
    return handle instanceof Disk.Dir dir ? dir.where() : ((Disk.DiskFile) handle).where();
  }
}
