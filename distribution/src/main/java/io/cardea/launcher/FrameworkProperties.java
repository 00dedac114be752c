package io.cardea.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The framework properties: Cardea's settings, and what the bundles of the platform are told. */
record FrameworkProperties(Settings settings) {
    /** FileInstall takes a file at the second scan that finds it unchanged: arrival costs two polls at most. */
    private static final String POLL_MILLIS = "100";

    Map<String, String> toMap() {
        Map<String, String> properties = new HashMap<>();
        properties.put("cardea.home", settings.home().toString());
        for (Map.Entry<Setting, String> setting : settings.values().entrySet()) {
            properties.put(setting.getKey().name(), setting.getValue());
        }
        framework(properties);
        logging(properties);
        http(properties);
        configuration(properties);
        deployment(properties);
        shell(properties);
        return properties;
    }

    private Path cache() {
        return settings.data().resolve("cache");
    }

    private void framework(Map<String, String> properties) {
        properties.put("org.osgi.framework.storage", cache().resolve("bundles").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        // Instance holds a lock on the whole data folder.
        properties.put("felix.cache.locking", "false");
        // Felix would write to stdout; what goes wrong is a framework event as well, and pax-logging logs those.
        properties.put("felix.log.level", "0");
        // core reads what such bundles bring: definitions of providers.
        properties.put(
                "org.osgi.framework.system.capabilities.extra",
                "osgi.extender;osgi.extender=\"osgi.configurator\";version:Version=\"1.0\"");
        // The Nimbus libraries import these annotations, and no bundle offers them.
        properties.put("org.osgi.framework.system.packages.extra", "net.jcip.annotations");
    }

    private void logging(Map<String, String> properties) {
        properties.put(
                "org.ops4j.pax.logging.StaticLogbackFile",
                settings.home().resolve("conf").resolve("logback.xml").toString());
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        // Felix reports each service and bundle event; ours are logged by those who cause them.
        properties.put("org.ops4j.pax.logging.service.frameworkEventsLogLevel", "WARN");
        properties.put("org.ops4j.pax.logging.eventAdminEnabled", "false");
        properties.put("org.ops4j.pax.logging.logReaderEnabled", "false");
        properties.put("org.ops4j.pax.logging.skipJULReset", "true");
    }

    private void http(Map<String, String> properties) {
        properties.put("org.apache.felix.http.host", settings.host());
        properties.put("org.osgi.service.http.port", Integer.toString(settings.port()));
        properties.put("org.apache.felix.http.jetty.sendServerHeader", "false");
        properties.put("org.apache.felix.http.jetty.headerBufferSize", "16384");
        // On what Jetty answers by itself, to a request that never reaches a servlet. With these it writes no body
        // either: its own page would be in its own words.
        properties.put(
                "org.apache.felix.http.jetty.errorPageCustomHeaders",
                "Content-Security-Policy=default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
                        + "##Cache-Control=no-store##X-Content-Type-Options=nosniff##Referrer-Policy=no-referrer");
        properties.put("org.apache.felix.http.jetty.threadpool.max", "64");
        // How long a connection may be silent: all that Felix lets be set against callers who never end their headers.
        // A body has a deadline of its own, in http-bundle.
        properties.put("org.apache.felix.http.timeout", "10000");
        // Together these let requests in flight finish while Jetty stops.
        properties.put("org.apache.felix.jetty.statisticshandler.enable", "true");
        properties.put("org.apache.felix.jetty.stopTimeout", "5000");
    }

    private void configuration(Map<String, String> properties) {
        // Configurations come from deploy/ at each start, and a secret in one must not rest on disk a second time.
        properties.put("felix.cm.pm", "memory");
        properties.put(
                "org.apache.felix.configadmin.plugin.interpolation.secretsdir",
                settings.secrets().toString());
        properties.put("org.apache.felix.configadmin.plugin.interpolation.file.encoding", "UTF-8");
    }

    private void deployment(Map<String, String> properties) {
        properties.put("felix.fileinstall.dir", settings.deploy().toString());
        properties.put(
                "felix.fileinstall.tmpdir", cache().resolve("fileinstall").toString());
        properties.put("felix.fileinstall.poll", POLL_MILLIS);
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        // Those that nobody reads too: core says so.
        properties.put("felix.fileinstall.filter", "[^.].*\\.(jar|cfg|config|json)");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        properties.put("felix.fileinstall.log.level", "2");
    }

    private void shell(Map<String, String> properties) {
        // Tokens and codes may be typed into the shell: its history stays in memory.
        properties.put("gosh.args", "--nohistory");
        properties.put(
                "gosh.home", settings.home().resolve("conf").resolve("shell").toString());
    }
}
