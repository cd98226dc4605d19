package io.github.godwit.model.bandwidth;

import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.bandwidth.BandwidthCurve.Piece;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The JSON form of a {@link BandwidthModel}, the same for the published one and for one's own:
 *
 * <pre>{@code
 * {"version": 1, "source": "measured migrations", "date": "2025-04-30", "linkMbit": 1000, "rows": 57,
 *  "curves": [{"technique": "PRE", "traffic": "outbound", "rows": 57, "breakpoints": [0, 472, 1000],
 *              "pieces": [{"slope": -0.98, "intercept": 930}, {"slope": -0.001, "intercept": 467.52}]}]}
 * }</pre>
 *
 * Rates are in Mbit/s on a link of {@code linkMbit}. {@code technique} is PRE, POST or PRE-POST. {@code rows} of a curve is by default
 * that of the model. A curve that is left out is the published one.
 */
public final class BandwidthModelForm {

    private static final int VERSION = 1;
    private static final String RESOURCE = "published.json";

    private BandwidthModelForm() {}

    static BandwidthModel published() {
        try (InputStream resource = BandwidthModelForm.class.getResourceAsStream(RESOURCE)) {
            return parse(resource, new EnumMap<>(TechniqueFamily.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a model of one's own. The published curves stay for what it leaves out.
     *
     * @throws IllegalArgumentException if the text is not a model of this version; the message names the curve and the value
     */
    public static BandwidthModel read(InputStream json) {
        return parse(json, BandwidthModel.published().curves());
    }

    private static BandwidthModel parse(
            InputStream json, Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> rest) {
        Map<?, ?> root = object(document(json), "The bandwidth model");
        double version = number(root, "version", "the bandwidth model");
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "The bandwidth model has version %s; this release reads version %d. Fit it again with 'godwit-train bandwidth'."
                            .formatted(version, VERSION));
        }
        Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves = new EnumMap<>(TechniqueFamily.class);
        for (TechniqueFamily family : TechniqueFamily.values()) {
            curves.put(family, new EnumMap<>(TrafficClass.class));
            curves.get(family).putAll(rest.getOrDefault(family, Map.of()));
        }
        double link = number(root, "linkMbit", "the bandwidth model");
        double rows = number(root, "rows", "the bandwidth model");
        for (Object entry : list(root, "curves", "the bandwidth model")) {
            Map<?, ?> form = object(entry, "A curve");
            TechniqueFamily family = family(text(form, "technique", "a curve"));
            TrafficClass traffic = traffic(text(form, "traffic", "a curve"));
            String name = "the curve of %s beside %s traffic".formatted(family.technique(), lower(traffic));
            int fitted = (int) (form.containsKey("rows") ? number(form, "rows", name) : rows);
            try {
                Origin origin = new Origin(
                        text(root, "source", "the bandwidth model"),
                        fitted,
                        Bandwidth.ofMegabits(link),
                        text(root, "date", "the bandwidth model"));
                curves.get(family).put(traffic, curve(form, name, link, origin));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("In %s: %s".formatted(name, e.getMessage()), e);
            }
        }
        return new BandwidthModel(curves);
    }

    private static Object document(InputStream json) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(new InputStreamReader(json, StandardCharsets.UTF_8)); // JSON is YAML
        } catch (YAMLException e) {
            throw new IllegalArgumentException("The bandwidth model is not valid JSON: " + e.getMessage(), e);
        }
    }

    private static BandwidthCurve curve(Map<?, ?> form, String name, double link, Origin origin) {
        List<Double> breakpoints = new ArrayList<>();
        for (Object each : list(form, "breakpoints", name)) {
            breakpoints.add(number(each, "breakpoint", name) / link);
        }
        List<Piece> pieces = new ArrayList<>();
        for (Object each : list(form, "pieces", name)) {
            Map<?, ?> piece = object(each, "A piece");
            pieces.add(new Piece(number(piece, "slope", name), number(piece, "intercept", name) / link));
        }
        return new BandwidthCurve(breakpoints, pieces, origin);
    }

    /**
     * The form of a model's curves that were fitted, for a JSON writer.
     *
     * @param origin where the curves come from; its rate is the unit of the form
     */
    public static Map<String, Object> write(
            Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves, Origin origin) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", VERSION);
        root.put("source", origin.source());
        root.put("date", origin.date());
        root.put("linkMbit", origin.link().megabits());
        root.put("rows", origin.rows());
        List<Object> forms = new ArrayList<>();
        double link = origin.link().megabits();
        curves.forEach((family, byTraffic) -> byTraffic.forEach((traffic, curve) -> {
            Map<String, Object> form = new LinkedHashMap<>();
            form.put("technique", family.technique().id());
            form.put("traffic", lower(traffic));
            form.put("rows", curve.origin().rows());
            form.put(
                    "breakpoints",
                    curve.breakpoints().stream()
                            .map(each -> rounded(each * link))
                            .toList());
            form.put(
                    "pieces",
                    curve.pieces().stream()
                            .map(piece -> Map.of(
                                    "slope", rounded(piece.slope()), "intercept", rounded(piece.intercept() * link)))
                            .toList());
            forms.add(form);
        }));
        root.put("curves", forms);
        return root;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private static TechniqueFamily family(String name) {
        Technique technique = Technique.parse(name);
        for (TechniqueFamily family : TechniqueFamily.values()) {
            if (family.technique() == technique) {
                return family;
            }
        }
        throw new IllegalArgumentException(
                "The technique of a curve is %s; it must be PRE, POST or PRE-POST.".formatted(name));
    }

    private static TrafficClass traffic(String name) {
        for (TrafficClass each : TrafficClass.values()) {
            if (each != TrafficClass.IDLE && lower(each).equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "The traffic of a curve is '%s'; it must be inbound, outbound or mixed.".formatted(name));
    }

    private static String lower(TrafficClass traffic) {
        return traffic.name().toLowerCase(Locale.ROOT);
    }

    private static Map<?, ?> object(Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("%s (%s) must be a JSON object.".formatted(what, value));
    }

    private static List<?> list(Map<?, ?> form, String key, String where) {
        if (form.get(key) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("The key '%s' of %s must be a list.".formatted(key, where));
    }

    private static String text(Map<?, ?> form, String key, String where) {
        Object value = form.get(key);
        if (value == null) {
            throw new IllegalArgumentException("The key '%s' of %s is missing.".formatted(key, where));
        }
        return value.toString();
    }

    private static double number(Map<?, ?> form, String key, String where) {
        return number(form.get(key), key, where);
    }

    private static double number(Object value, String key, String where) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("The %s of %s (%s) must be a number.".formatted(key, where, value));
    }
}
