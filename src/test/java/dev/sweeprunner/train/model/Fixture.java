package dev.sweeprunner.train.model;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The first steps of a training as PyTorch took them in double precision, and how far its own
 * float32 and bfloat16 are from that. {@code src/test/fixtures/make_fixtures.py} writes the files
 * and says what is in them.
 */
final class Fixture {
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "dev", "sweeprunner", "train", "fixtures");
  private static final int WHOLE = 256;
  private static final int NEIGHBOURS = 32;

  private final String name;
  private final Fields settings;
  private final Map<String, double[]> tensors;
  private final ModelShape shape;
  private final Map<String, double[]> start = new LinkedHashMap<>();

  private Fixture(String name, Fields settings, Map<String, double[]> tensors)
      throws UnreadableJson {
    this.name = name;
    this.settings = settings;
    this.tensors = tensors;
    this.shape = shape(settings.object("shape"));
    for (String parameter : settings.texts("parameters")) {
      start.put(parameter, tensor("start/" + parameter));
    }
  }

  /** Those of all variants of the model, in the order of their names. */
  static List<Fixture> all() throws IOException, UnreadableJson {
    List<Fixture> fixtures = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        fixtures.add(read(file));
      }
    }
    return fixtures;
  }

  ModelShape shape() {
    return shape;
  }

  AdamW adamW() throws UnreadableJson {
    return new AdamW(
        decimal("beta1"), decimal("beta2"), decimal("weight_decay"), decimal("grad_clip"));
  }

  /** Initial weights, which float32 can hold, in the order of the digests. */
  Map<String, double[]> start() {
    Map<String, double[]> copy = new LinkedHashMap<>();
    start.forEach((parameter, values) -> copy.put(parameter, values.clone()));
    return copy;
  }

  int steps() {
    return tensor("loss").length;
  }

  /** The number of the snapshot after this step, or -1. */
  int snapshot(int step) {
    return settings.texts("snapshots").indexOf(String.valueOf(step));
  }

  double learningRate(int step) {
    return Double.parseDouble(settings.texts("learning_rates").get(step - 1));
  }

  /** What is learned from in a step; the first is 1. */
  Batch batch(int step) throws UnreadableJson {
    int rows = settings.integer("rows");
    return new Batch(
        rows,
        ids("inputs", step, rows),
        ids("targets", step, rows),
        ids("compartments", step, rows),
        draw(step));
  }

  private Draw draw(int step) {
    if (shape.dropout() == 0) {
      return Draw.NONE;
    }
    double[] halves = tensor("draw");
    int at = 4 * (step - 1);
    return new Draw(whole(halves[at], halves[at + 1]), whole(halves[at + 2], halves[at + 3]));
  }

  private static long whole(double low, double high) {
    return Integer.toUnsignedLong((int) low) | (long) high << 32;
  }

  /** The true {@code loss} or {@code norm} of a step. */
  double truth(String number, int step) {
    return tensor(number)[step - 1];
  }

  /** The largest relative error of any step in PyTorch's float32 or bfloat16. */
  double error(String dtype, String number) {
    int from = dtype.equals("float32") ? 0 : steps();
    return Arrays.stream(tensor("error." + number), from, from + steps()).max().orElseThrow();
  }

  /** The digests of one snapshot of all parameters, in double. */
  Map<String, double[]> truth(Quantity quantity, int snapshot) {
    Map<String, double[]> digests = new LinkedHashMap<>();
    double[] all = tensor(quantity.tensor);
    int at = quantity == Quantity.GRADIENT ? 0 : snapshot * digestLength();
    for (Map.Entry<String, double[]> parameter : start.entrySet()) {
      double[] first = digest(parameter.getValue());
      double[] digest = Arrays.copyOfRange(all, at, at + first.length);
      at += first.length;
      for (int i = 0; quantity == Quantity.WEIGHTS && i < digest.length; i++) {
        digest[i] += first[i];
      }
      digests.put(parameter.getKey(), digest);
    }
    return digests;
  }

  /** The relative errors of all parameters in PyTorch's float32 or bfloat16. */
  Map<String, Double> errors(String dtype, Quantity quantity, int snapshot) {
    int kinds = Quantity.values().length - 1;
    int row = quantity == Quantity.GRADIENT ? 0 : snapshot * kinds + quantity.ordinal();
    int at = row * start.size();
    Map<String, Double> errors = new LinkedHashMap<>();
    for (String parameter : start.keySet()) {
      errors.put(parameter, tensor("error." + dtype)[at++]);
    }
    return errors;
  }

  /**
   * Short tensors as they are, of longer ones the sums of some neighbours each with random signs:
   * the distance of two digests is an unbiased estimate of the distance of the tensors.
   */
  static double[] digest(double[] values) {
    if (values.length <= WHOLE) {
      return values.clone();
    }
    double[] sums = new double[(values.length + NEIGHBOURS - 1) / NEIGHBOURS];
    for (int i = 0; i < values.length; i++) {
      sums[i / NEIGHBOURS] += negative(i) ? -values[i] : values[i];
    }
    return sums;
  }

  @Override
  public String toString() {
    return name;
  }

  /** What a fixture knows of every parameter, in the order of the rows of {@code error.*}. */
  enum Quantity {
    /** In the first step, of the mean loss. */
    GRADIENT("gradient"),
    WEIGHTS("change"),
    /** Of the weights since the start: what their first values would hide. */
    CHANGE("change"),
    EXP_AVG("exp_avg"),
    EXP_AVG_SQ("exp_avg_sq");

    private final String tensor;

    Quantity(String tensor) {
      this.tensor = tensor;
    }
  }

  /** The top bit of SplitMix64's finaliser. */
  private static boolean negative(int index) {
    long z = index + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) < 0;
  }

  private int digestLength() {
    return start.values().stream().mapToInt(values -> digest(values).length).sum();
  }

  private int[] ids(String name, int step, int rows) {
    int count = rows * shape.blockSize();
    return Arrays.stream(tensor(name), (step - 1) * count, step * count)
        .mapToInt(id -> (int) id)
        .toArray();
  }

  private double[] tensor(String name) {
    return Named.in(tensors, name);
  }

  private double decimal(String name) throws UnreadableJson {
    Double value = settings.decimalOrNull(name);
    if (value == null) {
      throw new UnreadableJson("no number " + name);
    }
    return value;
  }

  private static ModelShape shape(Fields fields) throws UnreadableJson {
    List<Integer> untied =
        fields.members().containsKey("untied")
            ? fields.texts("untied").stream().map(Integer::valueOf).toList()
            : List.of();
    Double dropout = fields.decimalOrNull("dropout");
    return new ModelShape(
        fields.integer("layers"),
        fields.integer("heads"),
        fields.integer("embd"),
        fields.integer("block_size"),
        fields.integer("vocabulary"),
        fields.integer("base_vocabulary"),
        fields.integer("compartments"),
        fields.flag("bias"),
        fields.flag("tied"),
        fields.flag("shared_tokens"),
        fields.flag("rope"),
        fields.number("rope_base"),
        dropout == null ? 0 : dropout,
        untied,
        adversary(fields));
  }

  private static @Nullable Adversary adversary(Fields fields) throws UnreadableJson {
    Double lambda = fields.decimalOrNull("dann_lambda");
    return lambda == null
        ? null
        : new Adversary(
            fields.texts("dann_layers").stream().map(Integer::valueOf).toList(),
            fields.integer("dann_hidden"),
            fields.integer("compartments"),
            lambda);
  }

  private static Fixture read(Path file) throws IOException, UnreadableJson {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    Fields entries = new Fields(Json.objectOfDistinct(header));
    Map<String, double[]> tensors = new HashMap<>();
    for (String name : entries.members().keySet()) {
      if (!name.equals("__metadata__")) {
        Fields entry = entries.object(name);
        List<Integer> range = entry.texts("data_offsets").stream().map(Integer::valueOf).toList();
        ByteBuffer slice = data.slice(range.get(0), range.get(1) - range.get(0));
        tensors.put(name, numbers(entry.text("dtype"), slice.order(ByteOrder.LITTLE_ENDIAN)));
      }
    }
    String name = String.valueOf(file.getFileName()).replace(".safetensors", "");
    // Metadata are strings; ours hold one JSON object.
    String settings = entries.object("__metadata__").text("settings");
    return new Fixture(name, Fields.of(settings.getBytes(StandardCharsets.UTF_8)), tensors);
  }

  private static double[] numbers(String dtype, ByteBuffer bytes) {
    int size = dtype.equals("F64") ? 8 : dtype.equals("F16") ? 2 : 4;
    double[] values = new double[bytes.remaining() / size];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case "F64" -> bytes.getDouble();
            case "F32" -> bytes.getFloat();
            case "I32" -> bytes.getInt();
            case "F16" -> half(bytes.getShort());
            default -> throw new IllegalArgumentException("a fixture holds " + dtype);
          };
    }
    return values;
  }

  /** A finite number of IEEE 754's binary16. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double size =
        exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024 + fraction, exponent - 25);
    return bits < 0 ? -size : size;
  }
}
