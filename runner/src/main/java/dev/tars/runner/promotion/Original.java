package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a displaced entry had besides its content and mode, so that a rollback can give it back.
 *
 * @param modified modification time, nanoseconds since the epoch
 * @param attributes extended attributes of the user, and access control lists
 */
record Original(long modified, int uid, int gid, Map<Bytes, Bytes> attributes) {
  Original {
    attributes = Map.copyOf(attributes);
  }

  static Original of(Disk disk, Disk.Dir dir, Bytes name, FileStat stat) {
    return new Original(stat.modifiedNanos(), stat.uid(), stat.gid(), attributes(disk, dir, name));
  }

  /** Those that are carried over; security labels are the system's to give. */
  static Map<Bytes, Bytes> attributes(Disk disk, Disk.Dir dir, Bytes name) {
    Map<Bytes, Bytes> found = new TreeMap<>();
    try {
      for (Bytes attribute : disk.xattrs(dir, name)) {
        String text = attribute.lossyText();
        if (text.startsWith("user.") || text.startsWith("system.posix_acl")) {
          found.put(attribute, disk.xattr(dir, name, attribute));
        }
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.EOPNOTSUPP) { // a file system without any
        throw e;
      }
    }
    return found;
  }

  void write(ObjectNode node) {
    node.put("modified", modified).put("uid", uid).put("gid", gid);
    if (!attributes.isEmpty()) {
      ObjectNode all = node.putObject("attributes");
      attributes.forEach((name, value) -> all.put(name.hex(), value.hex()));
    }
  }

  static Original read(JsonNode node) {
    Map<Bytes, Bytes> attributes = new TreeMap<>();
    node.path("attributes")
        .properties()
        .forEach(
            e -> attributes.put(Bytes.fromHex(e.getKey()), Bytes.fromHex(e.getValue().asText())));
    return new Original(
        node.path("modified").asLong(),
        node.path("uid").asInt(),
        node.path("gid").asInt(),
        attributes);
  }
}
