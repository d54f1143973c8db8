using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Parley.Server.Records.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ChatPeopleFilesReactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "DeletedAt",
                table: "Chat",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeletedBy",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<bool>(
                name: "DeletedByHost",
                table: "Chat",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "DeletedById",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "FileId",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "FileName",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "FileSize",
                table: "Chat",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "FileType",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "ToId",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "ToName",
                table: "Chat",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "ChatReactions",
                columns: table => new
                {
                    Key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MeetingId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    MessageId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ParticipantId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Emoji = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChatReactions", x => x.Key);
                    table.ForeignKey(
                        name: "FK_ChatReactions_Meetings_MeetingId",
                        column: x => x.MeetingId,
                        principalTable: "Meetings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Chat_Files",
                table: "Chat",
                columns: new[] { "MeetingId", "FileId" },
                filter: "\"FileId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Chat_MeetingId_MessageId",
                table: "Chat",
                columns: new[] { "MeetingId", "MessageId" });

            migrationBuilder.CreateIndex(
                name: "IX_ChatReactions_MeetingId_MessageId_ParticipantId_Emoji",
                table: "ChatReactions",
                columns: new[] { "MeetingId", "MessageId", "ParticipantId", "Emoji" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChatReactions");

            migrationBuilder.DropIndex(
                name: "IX_Chat_Files",
                table: "Chat");

            migrationBuilder.DropIndex(
                name: "IX_Chat_MeetingId_MessageId",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "DeletedBy",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "DeletedByHost",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "DeletedById",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "FileId",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "FileName",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "FileSize",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "FileType",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "ToId",
                table: "Chat");

            migrationBuilder.DropColumn(
                name: "ToName",
                table: "Chat");
        }
    }
}
