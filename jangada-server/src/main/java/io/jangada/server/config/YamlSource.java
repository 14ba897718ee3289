package io.jangada.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Settings from a YAML file: one flat mapping of keys to texts, numbers, or lists of texts (which are joined by commas). */
final class YamlSource {
    private final Path file;

    YamlSource(Path file) {
        this.file = file;
    }

    Settings read() {
        Settings settings = new Settings();
        Optional<Node> root = compose();
        if (root.isEmpty()) {
            return settings;
        }
        if (!(root.get() instanceof MappingNode mapping)) {
            throw new ConfigException(
                    place(root.get()) + ": the file must be a mapping of settings, such as 'name: n1'");
        }
        Set<Setting> seen = EnumSet.noneOf(Setting.class);
        for (NodeTuple tuple : mapping.getValue()) {
            Setting setting = setting(tuple.getKeyNode());
            if (!seen.add(setting)) {
                throw new ConfigException(place(tuple.getKeyNode()) + ": '" + setting.key() + "' is given twice");
            }
            settings.put(setting, value(setting, tuple.getValueNode()), place(tuple.getKeyNode()));
        }
        return settings;
    }

    private Optional<Node> compose() {
        try {
            LoadSettings options =
                    LoadSettings.builder().setLabel(file.toString()).build();
            return new Compose(options).composeString(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no file " + file + " (--config)");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " (--config) is not a text file in UTF-8");
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + " (--config): " + e);
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(file + line + ": not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": not valid YAML: " + e.getMessage());
        }
    }

    private Setting setting(Node node) {
        String key = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        return Setting.ofKey(key).orElseThrow(() -> {
            String hint = NearestName.of(key, Setting.keys())
                    .map(name -> "; did you mean '" + name + "'?")
                    .orElse("");
            return new ConfigException(place(node) + ": unknown key '" + key + "'" + hint + " Known keys: "
                    + String.join(", ", Setting.keys()));
        });
    }

    private String value(Setting setting, Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        if (node instanceof SequenceNode sequence) {
            List<String> parts = new ArrayList<>();
            for (Node part : sequence.getValue()) {
                if (part instanceof ScalarNode scalar) {
                    parts.add(scalar.getValue());
                } else {
                    throw new ConfigException(place(part) + ": '" + setting.key() + "' must be a list of texts");
                }
            }
            return String.join(",", parts);
        }
        throw new ConfigException(place(node) + ": '" + setting.key() + "' needs a value (" + setting.description()
                + "), or leave the line out");
    }

    private String place(Node node) {
        return file
                + node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
    }
}
