import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The least that answers HTTP in OSGi: Felix, Felix HTTP Jetty, one servlet that does nothing. */
public class EmptyFelix {
    private static final int PORT = Integer.parseInt(System.getenv("CARDEA_HTTP_PORT"));

    public static void main(String[] args) throws Exception {
        Path data = Path.of(System.getenv("CARDEA_DATA"));
        Files.createDirectories(data.resolve("cache/jvm"));
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", data.resolve("cache/bundles").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.apache.felix.http.host", "127.0.0.1",
                        "org.osgi.service.http.port", Integer.toString(PORT),
                        "felix.log.level", "0"));
        framework.start();
        Bundle servletApi = framework;
        try (Stream<Path> jars = Files.list(Path.of(System.getProperty("cardea.home"), "bundles"))) {
            List<Bundle> bundles = new ArrayList<>();
            for (Path jar : jars.sorted().toList()) {
                bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
                servletApi = bundle.getSymbolicName().endsWith("servlet-api") ? bundle : servletApi;
            }
        }
        Class<?> servlet = servletApi.loadClass("jakarta.servlet.Servlet");
        Object nothing = Proxy.newProxyInstance(
                servlet.getClassLoader(), new Class<?>[] {servlet}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "hashCode" -> 1;
                            case "equals" -> proxy == arguments[0];
                            default -> null;
                        });
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", "/");
        framework.getBundleContext().registerService("jakarta.servlet.Servlet", nothing, properties);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers()) {
            if (System.nanoTime() > end) {
                System.exit(1);
            }
            Thread.sleep(5);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(EmptyFelix::writeArchive));
        System.out.println("EmptyFelix is ready");
        framework.waitForStop(0);
    }

    /** As Cardea does when bin/cardea asks for it, so that the comparison is fair. */
    private static void writeArchive() {
        try {
            String file = System.getProperty("cardea.archive");
            if (file != null) {
                ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "vmCds",
                                new Object[] {new String[] {"dynamic_dump", file}},
                                new String[] {String[].class.getName()});
            }
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT)) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            return false;
        }
    }
}
