using System.Reflection;
using Microsoft.Extensions.Options;

namespace Parley.Server;

/// <summary>Reads <see cref="ParleyOptions"/> once, before anything is built from it.</summary>
public static class ParleyOptionsReader
{
    /// <returns>Valid options, the data folder as an absolute path.</returns>
    /// <exception cref="OptionsValidationException">Something is wrong; each failure names its key.</exception>
    public static ParleyOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(ParleyOptions.Section);
        var wrong = new List<string>();
        FindUnknown(section, typeof(ParleyOptions), wrong);
        var options = new ParleyOptions();
        try
        {
            section.Bind(options);
            wrong.AddRange(new ParleyOptionsValidator().Validate(null, options).Failures ?? []);
        }
        catch (InvalidOperationException e)
        {
            // The binder's own sentence names the key and the value it could not convert.
            wrong.Add(e.Message);
        }

        if (wrong.Count > 0) throw new OptionsValidationException(Options.DefaultName, typeof(ParleyOptions), wrong);
        options.DataFolder = Path.GetFullPath(options.DataFolder);
        return options;
    }

    /// <summary>A misspelt key would otherwise do nothing, silently.</summary>
    private static void FindUnknown(IConfigurationSection section, Type type, List<string> unknown)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null) unknown.Add($"{child.Path} is not a setting; docs/configuration.md lists them all");
            else if (property.PropertyType.Namespace == typeof(ParleyOptions).Namespace) FindUnknown(child, property.PropertyType, unknown);
        }
    }
}
