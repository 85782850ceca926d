package dev.tars.runner.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The types of the variables, so that a misspelt field is found when a file is loaded. */
final class Types implements CelTypeProvider {
  private final Map<String, CelType> structs = new LinkedHashMap<>();
  private final Map<String, CelType> variables = new LinkedHashMap<>();
  private final Set<String> fields = new TreeSet<>();

  Types() {
    CelType file =
        struct(
            "tars.File",
            "path", SimpleType.STRING,
            "operation", SimpleType.STRING,
            "kind", SimpleType.STRING,
            "size", SimpleType.INT,
            "mode", SimpleType.STRING,
            "binary", SimpleType.BOOL,
            "linesAdded", SimpleType.INT,
            "linesRemoved", SimpleType.INT);
    CelType finding =
        struct(
            "tars.Finding",
            "rule", SimpleType.STRING,
            "severity", SimpleType.STRING,
            "path", SimpleType.STRING,
            "message", SimpleType.STRING);
    CelType step =
        struct(
            "tars.Step",
            "result", SimpleType.STRING,
            "exitCode", SimpleType.INT,
            "millis", SimpleType.INT);
    CelType gate =
        struct("tars.Gate", "result", SimpleType.STRING, "millis", SimpleType.INT);
    CelType output = struct("tars.OutputFile", "text", SimpleType.STRING, "json", SimpleType.DYN);
    variables.put(
        "change",
        struct(
            "tars.Change",
            "files", ListType.create(file),
            "directories", ListType.create(SimpleType.STRING),
            "linesAdded", SimpleType.INT,
            "linesRemoved", SimpleType.INT,
            "totalSize", SimpleType.INT));
    variables.put(
        "actor", struct("tars.Actor", "user", SimpleType.STRING, "kind", SimpleType.STRING));
    variables.put(
        "run",
        struct(
            "tars.Run",
            "steps", MapType.create(SimpleType.STRING, step),
            "dryRun", SimpleType.BOOL));
    variables.put("gates", MapType.create(SimpleType.STRING, gate));
    variables.put(
        "tests",
        struct(
            "tars.Tests",
            "run", SimpleType.INT,
            "failed", SimpleType.INT,
            "skipped", SimpleType.INT,
            "fixed", SimpleType.INT,
            "broken", SimpleType.INT,
            "vanished", SimpleType.INT));
    variables.put(
        "verdict",
        struct(
            "tars.Verdict",
            "result", SimpleType.STRING,
            "findings", ListType.create(finding)));
    variables.put(
        "output",
        struct(
            "tars.Output",
            "exitCode", SimpleType.INT,
            "text", SimpleType.STRING,
            "json", SimpleType.DYN,
            "files", MapType.create(SimpleType.STRING, output)));
  }

  /** Names and types in turn. */
  private CelType struct(String name, Object... namesAndTypes) {
    Map<String, CelType> byName = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      byName.put((String) namesAndTypes[i], (CelType) namesAndTypes[i + 1]);
    }
    fields.addAll(byName.keySet());
    CelType type =
        StructType.create(
            name,
            ImmutableSet.copyOf(byName.keySet()),
            field -> Optional.ofNullable(byName.get(field)));
    structs.put(name, type);
    return type;
  }

  CelType variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /** Every field of every type, for suggestions. */
  Set<String> fields() {
    return fields;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableSet.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String typeName) {
    return Optional.ofNullable(structs.get(typeName));
  }
}
