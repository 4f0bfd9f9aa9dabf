import ts from "typescript";

const printer = ts.createPrinter({ removeComments: true });
const { factory } = ts;

/** The public text of a declaration: signatures without bodies, members without the private ones, no comments. */
export function declarationText(node: ts.Declaration): string {
  return print(publicShape(node), node.getSourceFile());
}

/** The names a declaration's public text mentions, apart from members and type parameters. */
export function mentionedNames(node: ts.Declaration): ReadonlySet<string> {
  const text = declarationText(node);
  const file = ts.createSourceFile("declaration.ts", text, ts.ScriptTarget.Latest, true);
  const names = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child) && !isMemberName(child)) names.add(child.text);
    ts.forEachChild(child, visit);
  };
  visit(file);
  return names;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  const named = ts.isPropertyAssignment(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent) || ts.isParameter(parent);
  return named && parent.name === node;
}

function print(node: ts.Node, file: ts.SourceFile): string {
  return printer.printNode(ts.EmitHint.Unspecified, node, file);
}

function publicShape(node: ts.Declaration): ts.Node {
  if (ts.isFunctionDeclaration(node)) {
    const parameters = node.parameters.map(withoutDefault);
    return factory.updateFunctionDeclaration(node, exported(), undefined, node.name, node.typeParameters, parameters, node.type, undefined);
  }
  if (ts.isClassDeclaration(node)) {
    return factory.updateClassDeclaration(
      node,
      exported(),
      node.name,
      node.typeParameters,
      node.heritageClauses,
      node.members.flatMap(publicMember),
    );
  }
  if (ts.isInterfaceDeclaration(node)) {
    return factory.updateInterfaceDeclaration(node, exported(), node.name, node.typeParameters, node.heritageClauses, node.members);
  }
  if (ts.isTypeAliasDeclaration(node))
    return factory.updateTypeAliasDeclaration(node, exported(), node.name, node.typeParameters, node.type);
  if (!ts.isVariableDeclaration(node)) return node;
  const declaration = factory.updateVariableDeclaration(
    node,
    node.name,
    undefined,
    node.type,
    node.type === undefined ? node.initializer : undefined,
  );
  return factory.createVariableStatement(exported(), factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const));
}

function exported(): readonly ts.Modifier[] {
  return [factory.createModifier(ts.SyntaxKind.ExportKeyword), factory.createModifier(ts.SyntaxKind.DeclareKeyword)];
}

function withoutDefault(node: ts.ParameterDeclaration): ts.ParameterDeclaration {
  const optional = node.initializer === undefined ? node.questionToken : factory.createToken(ts.SyntaxKind.QuestionToken);
  return factory.updateParameterDeclaration(node, undefined, node.dotDotDotToken, node.name, optional, node.type, undefined);
}

function publicMember(node: ts.ClassElement): readonly ts.ClassElement[] {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  const hidden = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
  if (hidden || (node.name !== undefined && ts.isPrivateIdentifier(node.name)) || ts.isClassStaticBlockDeclaration(node)) return [];
  const kept = modifiers?.filter(({ kind }) => kind !== ts.SyntaxKind.AsyncKeyword);
  if (ts.isConstructorDeclaration(node))
    return [factory.updateConstructorDeclaration(node, kept, node.parameters.map(withoutDefault), undefined)];
  if (ts.isMethodDeclaration(node)) {
    const parameters = node.parameters.map(withoutDefault);
    return [
      factory.updateMethodDeclaration(
        node,
        kept,
        undefined,
        node.name,
        node.questionToken,
        node.typeParameters,
        parameters,
        node.type,
        undefined,
      ),
    ];
  }
  if (ts.isGetAccessorDeclaration(node))
    return [factory.updateGetAccessorDeclaration(node, kept, node.name, node.parameters, node.type, undefined)];
  if (ts.isSetAccessorDeclaration(node)) return [factory.updateSetAccessorDeclaration(node, kept, node.name, node.parameters, undefined)];
  if (!ts.isPropertyDeclaration(node)) return [node];
  const initializer = node.type === undefined ? node.initializer : undefined;
  return [factory.updatePropertyDeclaration(node, kept, node.name, node.questionToken ?? node.exclamationToken, node.type, initializer)];
}
