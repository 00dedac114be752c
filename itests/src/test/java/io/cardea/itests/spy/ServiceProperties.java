package io.cardea.itests.spy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Writes into the data folder what any bundle can read of every service that there is. */
@Component(
        service = {},
        immediate = true)
public final class ServiceProperties {

    public static final String FILE = "service-properties.txt";

    @Activate
    public ServiceProperties(BundleContext context) throws IOException, InvalidSyntaxException {
        List<String> properties = new ArrayList<>();
        for (ServiceReference<?> service : context.getAllServiceReferences(null, null)) {
            for (String key : service.getPropertyKeys()) {
                Object value = service.getProperty(key);
                properties.add(key + "=" + (value instanceof Object[] many ? Arrays.toString(many) : value));
            }
        }
        Path data = Path.of(context.getProperty("CARDEA_DATA"));
        // At once, or half of it could be read.
        Path written = Files.write(data.resolve(FILE + ".tmp"), properties);
        Files.move(written, data.resolve(FILE));
    }
}
