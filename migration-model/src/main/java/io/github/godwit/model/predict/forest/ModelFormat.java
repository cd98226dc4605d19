package io.github.godwit.model.predict.forest;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.forest.PredictionModel.About;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The file format of a {@link PredictionModel}: a line of text for people and {@code file(1)}, the version of the
 * format, the version of the feature vector, length and SHA-256 of the body, and the deflated body. It contains no
 * serialized Java objects, so reading a file cannot run code.
 */
public final class ModelFormat {

    /** The version of the format that is written, and the only one that can be read. */
    public static final int VERSION = 2;

    private static final byte[] MAGIC = "Godwit prediction model\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;
    private static final int MAX_BYTES = 256 << 20;

    private ModelFormat() {}

    /** Thrown for a file that cannot be used. The message says why and what to do. */
    public static final class UnusableModelException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableModelException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Writes a model; the stream is left open. */
    public static void write(PredictionModel model, OutputStream out) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(new DeflaterOutputStream(body))) {
            writeBody(model, data);
        }
        byte[] bytes = body.toByteArray();
        DataOutputStream data = new DataOutputStream(out);
        data.write(MAGIC);
        data.writeInt(VERSION);
        data.writeInt(CaseVector.SCHEMA);
        data.writeInt(bytes.length);
        data.write(sha256(bytes));
        data.write(bytes);
        data.flush();
    }

    /**
     * Reads a model.
     *
     * @throws UnusableModelException when it is not a model, is damaged, or has another version
     */
    public static PredictionModel read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        if (!Arrays.equals(data.readNBytes(MAGIC.length), MAGIC)) {
            throw unusable("This is not a prediction model of Godwit.", null);
        }
        byte[] body;
        try {
            checkVersion("format", data.readInt(), VERSION);
            checkVersion("feature vector", data.readInt(), CaseVector.SCHEMA);
            int length = data.readInt();
            byte[] hash = data.readNBytes(HASH_BYTES);
            body = data.readNBytes(Math.max(0, Math.min(length, MAX_BYTES)));
            if (body.length != length || !Arrays.equals(hash, sha256(body))) {
                throw unusable(
                        ("The model is damaged: %d of %d bytes are there, and its checksum %s. "
                                        + "Copy it again, or export it again with godwit-train.")
                                .formatted(
                                        body.length,
                                        length,
                                        body.length == length ? "does not match" : "cannot be checked"),
                        null);
            }
        } catch (EOFException e) {
            throw unusable("The model file ends within its header. Copy it again.", e);
        }
        try (DataInputStream content = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(body)))) {
            return readBody(content);
        } catch (IllegalArgumentException | IOException e) {
            throw unusable(
                    "The model is inconsistent: %s Export it again with godwit-train.".formatted(e.getMessage()), e);
        }
    }

    private static void checkVersion(String what, int found, int known) throws UnusableModelException {
        if (found != known) {
            throw unusable(
                    "The model has version %d of the %s, this program knows %d. %s"
                            .formatted(
                                    found,
                                    what,
                                    known,
                                    found > known
                                            ? "Update this program, or export the model with a godwit-train of the same version."
                                            : "Export it again with godwit-train."),
                    null);
        }
    }

    private static UnusableModelException unusable(String message, Throwable cause) {
        return new UnusableModelException(message, cause);
    }

    private static void writeBody(PredictionModel model, DataOutputStream out) throws IOException {
        out.writeUTF(model.about().fingerprint());
        out.writeInt(model.about().rows());
        out.writeUTF(model.about().trainedAt());
        out.writeUTF(model.about().description());
        out.writeInt(model.about().accelerators().size());
        for (Accelerator accelerator : model.about().accelerators()) {
            out.writeUTF(accelerator.qemuName());
        }
        writeDomain(model.domain(), out);
        Trees trees = model.trees();
        out.writeInt(trees.size());
        for (int i = 0; i < trees.size(); i++) {
            out.writeByte(trees.feature(i));
        }
        for (int i = 0; i < trees.size(); i++) {
            out.writeFloat(trees.threshold(i));
        }
        for (int i = 0; i < trees.size(); i++) {
            out.writeInt(trees.right(i));
        }
        out.writeInt(model.ensembles().size());
        for (Map.Entry<Technique, Map<Metric, Ensemble>> technique :
                model.ensembles().entrySet()) {
            out.writeUTF(technique.getKey().toString());
            for (Metric metric : Metric.values()) {
                writeEnsemble(technique.getValue().get(metric), out);
            }
        }
        out.writeInt(model.converged().size());
        for (Map.Entry<Technique, Ensemble> technique : model.converged().entrySet()) {
            out.writeUTF(technique.getKey().toString());
            writeEnsemble(technique.getValue(), out);
        }
    }

    private static void writeDomain(TrainingDomain domain, DataOutputStream out) throws IOException {
        writeDoubles(domain.scales(), out);
        writeDoubles(domain.radii(), out);
        for (double[] centre : domain.centres()) {
            writeDoubles(centre, out);
        }
    }

    private static void writeEnsemble(Ensemble ensemble, DataOutputStream out) throws IOException {
        out.writeBoolean(ensemble.boosted());
        out.writeBoolean(ensemble.residual());
        out.writeDouble(ensemble.base());
        out.writeDouble(ensemble.quantile());
        out.writeDouble(ensemble.spreadFloor());
        out.writeInt(ensemble.roots().length);
        for (int root : ensemble.roots()) {
            out.writeInt(root);
        }
    }

    private static void writeDoubles(double[] numbers, DataOutputStream out) throws IOException {
        out.writeInt(numbers.length);
        for (double number : numbers) {
            out.writeDouble(number);
        }
    }

    private static PredictionModel readBody(DataInputStream in) throws IOException {
        About about = new About(in.readUTF(), in.readInt(), in.readUTF(), in.readUTF(), readAccelerators(in));
        TrainingDomain domain = readDomain(in);
        int nodes = count(in, Trees.MAX_NODES);
        byte[] feature = in.readNBytes(nodes);
        float[] threshold = new float[nodes];
        for (int i = 0; i < nodes; i++) {
            threshold[i] = in.readFloat();
        }
        int[] right = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            right[i] = in.readInt();
        }
        Trees trees = new Trees(feature, threshold, right);
        EnumMap<Technique, Map<Metric, Ensemble>> ensembles = new EnumMap<>(Technique.class);
        for (int left = count(in, Technique.values().length); left > 0; left--) {
            Technique technique = Technique.parse(in.readUTF());
            EnumMap<Metric, Ensemble> metrics = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                metrics.put(metric, readEnsemble(in, nodes));
            }
            ensembles.put(technique, metrics);
        }
        EnumMap<Technique, Ensemble> converged = new EnumMap<>(Technique.class);
        for (int left = count(in, Technique.values().length); left > 0; left--) {
            converged.put(Technique.parse(in.readUTF()), readEnsemble(in, nodes));
        }
        return new PredictionModel(about, domain, trees, ensembles, converged);
    }

    private static Set<Accelerator> readAccelerators(DataInputStream in) throws IOException {
        Set<Accelerator> accelerators = EnumSet.noneOf(Accelerator.class);
        for (int left = count(in, Accelerator.values().length); left > 0; left--) {
            accelerators.add(Accelerator.parse(in.readUTF()));
        }
        return accelerators;
    }

    private static TrainingDomain readDomain(DataInputStream in) throws IOException {
        double[] scales = readDoubles(in);
        double[] radii = readDoubles(in);
        double[][] centres = new double[radii.length][];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = readDoubles(in);
        }
        return new TrainingDomain(scales, centres, radii);
    }

    private static Ensemble readEnsemble(DataInputStream in, int nodes) throws IOException {
        boolean boosted = in.readBoolean();
        boolean residual = in.readBoolean();
        double base = in.readDouble();
        double quantile = in.readDouble();
        double spreadFloor = in.readDouble();
        int[] roots = new int[count(in, nodes)];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = in.readInt();
        }
        return new Ensemble(roots, boosted, residual, base, quantile, spreadFloor);
    }

    private static double[] readDoubles(DataInputStream in) throws IOException {
        double[] numbers = new double[count(in, 1 << 16)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readDouble();
        }
        return numbers;
    }

    private static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException("A count of %d is not from 0 to %d.".formatted(count, most));
        }
        return count;
    }

    /** The SHA-256 of bytes. */
    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256, which every Java runtime must have.", e);
        }
    }

    /** A fingerprint of bytes, for {@link About}. */
    public static String fingerprint(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes));
    }
}
