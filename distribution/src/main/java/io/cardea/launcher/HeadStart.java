package io.cardea.launcher;

import java.util.Locale;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.SAXException;

/**
 * Parts of the JDK that bundles need while they start, made ready on a second processor meanwhile: Jetty asks for all
 * locales, Logback
 * parses XML. They find it ready or wait for the rest.
 */
final class HeadStart implements Runnable {
    static void begin() {
        Thread thread = new Thread(new HeadStart(), "cardea-head-start");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        Locale.getAvailableLocales();
        try {
            SAXParserFactory.newInstance().newSAXParser();
        } catch (ParserConfigurationException | SAXException e) {
            return; // Whoever needs the parser will find out and say so.
        }
    }
}
