package io.cardea.core.configuration;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cardea.oauth.ConnectionKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers that a bundle without code brings: {@code OSGI-INF/configurator/*.json}, in the format of the Configurator
 * (OSGi Compendium, section 150.3). Not Configurator itself, which lets any bundle configure anything, references to
 * secrets included, and writes down all it knows for each of a catalog's definitions: here a bundle defines providers and
 * nothing else, and what an operator configures is never overwritten. Where a Configurator runs, a bundle that asks for it
 * is left to it.
 */
@Component(service = {})
public final class BundledDefinitions implements BundleTrackerCustomizer<Boolean> {

    private static final Logger LOG = LoggerFactory.getLogger(BundledDefinitions.class);
    private static final String FOLDER = "OSGI-INF/configurator";
    private static final String EXTENDER = "osgi.extender";
    private static final String RESERVED = ":";
    private static final String REFERENCE = "$[";
    private static final int LARGEST = 1024 * 1024;

    private final ConfiguredProviders providers;
    private final BundleTracker<Boolean> bundles;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    @Activate
    public BundledDefinitions(BundleContext context, @Reference ConfiguredProviders providers) {
        this.providers = providers;
        this.bundles = new BundleTracker<>(context, Bundle.ACTIVE, this);
        bundles.open();
    }

    @Deactivate
    void stop() {
        bundles.close();
    }

    /** Whether it has definitions, all of which are published from now on. */
    @Override
    public Boolean addingBundle(Bundle bundle, BundleEvent event) {
        Enumeration<URL> files = bundle.findEntries(FOLDER, "*.json", false);
        if (files == null || isAnothers(bundle)) {
            return false;
        }
        for (URL file : Collections.list(files)) {
            try {
                read(bundle, file);
            } catch (JsonProcessingException e) {
                // Without the line itself: somebody may have written a secret into it.
                refuse(bundle, file, "it is no JSON at line " + e.getLocation().getLineNr());
            } catch (IOException | IllegalArgumentException e) {
                refuse(bundle, file, String.valueOf(e.getMessage()));
            }
        }
        return true;
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, Boolean defines) {
        // None is made of a state that a definition would depend on.
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, Boolean defines) {
        if (defines) {
            providers.forget(bundle);
        }
    }

    private static boolean isAnothers(Bundle bundle) {
        List<BundleWire> wires = bundle.adapt(BundleWiring.class).getRequiredWires(EXTENDER);
        return wires.stream()
                .filter(wire -> "osgi.configurator"
                        .equals(wire.getCapability().getAttributes().get(EXTENDER)))
                .anyMatch(wire -> wire.getProvider().getBundle().getBundleId() != 0);
    }

    private void read(Bundle bundle, URL file) throws IOException {
        JsonNode all = parsed(file);
        if (all.path(":configurator:resource-version").asInt(1) != 1) {
            throw new IllegalArgumentException("its :configurator:resource-version is not 1");
        }
        for (Iterator<Map.Entry<String, JsonNode>> entries = all.properties().iterator(); entries.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = entries.next();
            String pid = entry.getKey();
            if (isDefinition(pid)) {
                providers.define(bundle, pid, definition(bundle, pid, entry.getValue()));
            } else if (!pid.startsWith(RESERVED)) {
                refuse(
                        bundle,
                        file,
                        pid + " in it is no io.cardea.provider~<name>, the name of a-z, 0-9 and hyphens, and a bundle"
                                + " configures nothing else");
            }
        }
    }

    private JsonNode parsed(URL file) throws IOException {
        byte[] content;
        try (InputStream stream = file.openStream()) {
            content = stream.readNBytes(LARGEST + 1);
        }
        if (content.length > LARGEST) {
            throw new IllegalArgumentException("it is larger than " + LARGEST + " bytes");
        }
        try (JsonParser parser = json.createParser(content)) {
            JsonNode all = json.readTree(parser);
            if (all == null || !all.isObject() || parser.nextToken() != null) {
                throw new IllegalArgumentException("it is not one JSON object");
            }
            return all;
        }
    }

    private static boolean isDefinition(String pid) {
        return pid.startsWith(ConfiguredProviders.DEFINITION)
                && ConnectionKey.isProviderName(pid.substring(ConfiguredProviders.DEFINITION.length()));
    }

    private static Map<String, Object> definition(Bundle bundle, String pid, JsonNode json) {
        Map<String, Object> definition = new HashMap<>();
        json.properties().forEach(entry -> {
            String key = entry.getKey();
            String value = text(pid, key, entry.getValue());
            if (value.contains(REFERENCE)) {
                LOG.warn(
                        "{} of {} in {} is ignored: only a file in the deploy folder may refer to secrets, to the"
                                + " environment and to properties",
                        key,
                        pid,
                        bundle.getSymbolicName());
            } else if (!key.startsWith(RESERVED)) {
                definition.put(withoutType(key), value);
            }
        });
        return definition;
    }

    /** Such as {@code default_lifetime:Integer}: what type it has is known here. */
    private static String withoutType(String key) {
        int colon = key.indexOf(':');
        return colon < 0 ? key : key.substring(0, colon);
    }

    private static String text(String pid, String key, JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(one -> text(pid, key, one))
                    .collect(Collectors.joining(" "));
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException(key + " of " + pid + " must be a text, a number, true, false or a list");
        }
        return value.asText();
    }

    private static void refuse(Bundle bundle, URL file, String why) {
        LOG.warn("{} in {} is not read: {}", file.getPath(), bundle.getSymbolicName(), why);
    }
}
